/** What can be set, and the button that starts. Settings of a running node take effect with a restart of its server. */

import { useState } from 'preact/hooks';
import type { Settings } from '../../shared/settings.ts';
import { type FormValue, formOf, settingsOf } from '../settings-form-value.ts';
import { TextField } from './text-field.tsx';

interface SettingsPanelProps {
  readonly settings: Settings;
  readonly isRunning: boolean;
  readonly isBusy: boolean;
  readonly start: (settings: Settings) => void;
}

export function SettingsPanel({ settings, isRunning, isBusy, start }: SettingsPanelProps) {
  const [form, setForm] = useState(() => formOf(settings));
  const [fault, setFault] = useState<string | undefined>(undefined);
  const change = (part: Partial<FormValue>): void => setForm({ ...form, ...part });
  const submit = (event: Event): void => {
    event.preventDefault();
    const chosen = settingsOf(form);
    setFault(typeof chosen === 'string' ? chosen : undefined);
    if (typeof chosen !== 'string') start(chosen);
  };
  return (
    <section aria-labelledby="settings-heading">
      <h2 id="settings-heading">Settings</h2>
      <form onSubmit={submit} noValidate>
        <TextField label="Port" value={form.port} isNumber onChange={port => change({ port })}>
          0 takes any free one.
        </TextField>
        <ReachChoice reach={form.reach} onChange={reach => change({ reach })} />
        <TextField
          label="Nodes to join"
          value={form.bootstraps}
          lines={2}
          onChange={bootstraps => change({ bootstraps })}
        >
          Addresses of nodes of an existing sea, one to a line. None: this node begins a sea of its own.
        </TextField>
        <details>
          <summary>Names and certificates</summary>
          <TextField label="Address for others" value={form.publicUrl} onChange={publicUrl => change({ publicUrl })}>
            What others dial where it is not an address of this computer, such as wss://sea.example.org/sea.
          </TextField>
          <TextField label="Certificate (PEM file)" value={form.certFile} onChange={certFile => change({ certFile })}>
            With it and its key the node speaks https and wss.
          </TextField>
          <TextField label="Key (PEM file)" value={form.keyFile} onChange={keyFile => change({ keyFile })} />
        </details>
        {fault !== undefined && (
          <p role="alert" class="complaint">
            {fault}
          </p>
        )}
        <button type="submit" class="primary" disabled={isBusy}>
          {isRunning ? 'Restart with these settings' : 'Start'}
        </button>
      </form>
    </section>
  );
}

interface ReachChoiceProps {
  readonly reach: Settings['reach'];
  readonly onChange: (reach: Settings['reach']) => void;
}

const reaches: readonly { readonly value: Settings['reach']; readonly words: string }[] = [
  { value: 'computer', words: 'Programs on this computer' },
  { value: 'network', words: 'Everybody who reaches this computer' },
];

function ReachChoice({ reach, onChange }: ReachChoiceProps) {
  return (
    <fieldset>
      <legend>Who can connect</legend>
      {reaches.map(({ value, words }) => (
        <label key={value}>
          <input type="radio" name="reach" checked={reach === value} onChange={() => onChange(value)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
