/** A small form that asks for amounts: each is read when it is sent off, and what is wrong stands under its field. */

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { formatAmount } from '../../src/base/amount.ts';
import { complaintOf } from '../errors.ts';
import { type Currency, formatMoney, parseMoney } from '../state/chain-money.ts';

interface AmountField {
  readonly label: string;
  readonly hint?: string;
  /** What stands there at first. */
  readonly initial?: string;
  /** No less than this is taken … */
  readonly min?: bigint;
  /** … and no more than this. */
  readonly max?: bigint;
}

interface AmountFormProps {
  readonly name: string;
  readonly fields: readonly AmountField[];
  readonly currency: Currency;
  readonly submit: string;
  /** Why it cannot be sent off now. */
  readonly whyNot?: string | undefined;
  readonly isPrimary?: boolean;
  readonly onSubmit: (amounts: readonly bigint[]) => void;
}

export function AmountForm({ name, fields, currency, submit, whyNot, isPrimary, onSubmit }: AmountFormProps) {
  const id = useId();
  const texts = useSignal<readonly string[]>(fields.map(({ initial = '' }) => initial));
  const faults = useSignal<readonly string[]>([]);
  const send = (): void => {
    const read = texts.value.map((text, at) => readAmount(text, currency, fields[at]));
    faults.value = read.map(({ fault }) => fault);
    const wrong = read.findIndex(({ fault }) => fault !== '');
    if (wrong !== -1) return document.getElementById(`${id}-${wrong}`)?.focus();
    texts.value = read.map(({ amount }) => formatAmount(amount, currency.decimals)); // as it was understood
    onSubmit(read.map(({ amount }) => amount));
  };
  const button = (
    <button
      type="submit"
      class={isPrimary === true ? 'button primary' : 'button'}
      disabled={whyNot !== undefined}
      aria-describedby={whyNot === undefined ? undefined : `${id}-why-not`}
    >
      {submit}
    </button>
  );
  return (
    <form
      class="amount-form"
      aria-label={name}
      onSubmit={event => {
        event.preventDefault();
        if (whyNot === undefined) send();
      }}
    >
      {fields.map(({ label, hint }, at) => (
        <Field
          key={label}
          id={`${id}-${at}`}
          label={label}
          hint={hint}
          fault={faults.value[at] ?? ''}
          text={texts.value[at] ?? ''}
          symbol={currency.symbol}
          onInput={text => (texts.value = texts.value.with(at, text))}
        >
          {fields.length === 1 && button}
        </Field>
      ))}
      {fields.length > 1 && button}
      {whyNot !== undefined && (
        <p class="fine" id={`${id}-why-not`}>
          {whyNot}
        </p>
      )}
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly fault: string;
  readonly text: string;
  readonly symbol: string;
  readonly onInput: (text: string) => void;
  /** The button, where it is the only field. */
  readonly children: ComponentChildren;
}

function Field({ id, label, hint, fault, text, symbol, onInput, children }: FieldProps) {
  const help = fault === '' ? hint : fault;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="amount-input">
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={text}
          aria-invalid={fault !== ''}
          aria-describedby={help === undefined ? undefined : `${id}-help`}
          onInput={event => onInput(event.currentTarget.value)}
        />
        <span aria-hidden="true">{symbol}</span>
        {children}
      </div>
      {help !== undefined && (
        <p class={fault === '' ? 'fine' : 'fine fault'} id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

interface ReadAmount {
  readonly amount: bigint;
  readonly fault: string;
}

function readAmount(text: string, currency: Currency, { min = 0n, max }: Partial<AmountField> = {}): ReadAmount {
  try {
    const amount = parseMoney(text, currency);
    if (amount < min) return { amount, fault: `The least that can stand here is ${formatMoney(min, currency)}.` };
    const isTooMuch = max !== undefined && amount > max;
    return { amount, fault: isTooMuch ? `The most that can stand here is ${formatMoney(max, currency)}.` : '' };
  } catch (error) {
    const { what, todo } = complaintOf(error);
    return { amount: 0n, fault: `${what} ${todo}` };
  }
}
