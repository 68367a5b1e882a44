/** The purse that this device pays from, and the session keys that it has made. */

import type { HashAddress } from '../address/hash-address.ts';
import { equal, toHex } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import type { Chain, Ledger } from '../ports/ledger.ts';
import type { PayAddress, PayKey, PayKeys } from '../ports/pay-keys.ts';
import type { Reader } from '../wire/reader.ts';
import {
  AMOUNT_BYTES,
  checkAmount,
  formatPayAddress,
  fromBytes,
  PAY_ADDRESS_BYTES,
  parsePayAddress,
  toBytes,
} from './amount.ts';
import type { Kept } from './kept.ts';
import { SESSION_KEYS_MAX } from './limits.ts';
import type { ShownPurse } from './messages.ts';
import { bindingDigest } from './quote.ts';
import { Spendings } from './spendings.ts';
import type { PurseUse } from './views.ts';

/** A purse that can be paid from. There is one of each: what was signed away is counted in one place. */
export interface OpenPurse {
  readonly chain: Chain;
  readonly payer: PayAddress;
  readonly key: PayKey;
  readonly priceMax: bigint | undefined;
  readonly spendings: Spendings;
  /** By the session key, over this node's address: shown to providers. */
  readonly binding: Uint8Array;
}

type OwnPurse = OpenPurse & { priceMax: bigint | undefined };

/** What a provider is shown that is to be paid in this lane. */
export function shownPurse({ payer, key, binding }: OpenPurse, lane: number): ShownPurse {
  return { payer, key: key.address, lane, binding };
}

interface Chosen {
  readonly payer: PayAddress;
  readonly key: PayKey;
  readonly priceMax: bigint | undefined;
}

export interface PurseBoxOptions {
  readonly self: HashAddress;
  readonly kept: Kept;
  readonly payKeys: PayKeys;
  readonly ledger: () => Ledger | undefined;
  /** The first: 0 for the device's own; guests have others. */
  readonly lane: number;
}

export class PurseBox {
  readonly #options: PurseBoxOptions;
  #chosen: Chosen | undefined;
  /** Those used since the start, by chain, payer and key. */
  readonly #open = new Map<string, Promise<OwnPurse>>(); // each cost its payer a transaction
  /** What the purse in use has signed; undefined before it was first opened. */
  #spendings: Spendings | undefined;

  private constructor(options: PurseBoxOptions) {
    this.#options = options;
  }

  static async open(options: PurseBoxOptions): Promise<PurseBox> {
    const box = new PurseBox(options);
    const kept = await options.kept.get('purse', readChosen);
    if (kept !== undefined) box.#chosen = { ...kept, key: await options.payKeys.kept(kept.name) };
    return box;
  }

  /** Signed away from the purse in use. */
  get spent(): bigint {
    return this.#spendings?.total ?? 0n;
  }

  inUse(): PurseUse | undefined {
    if (this.#chosen === undefined) return undefined;
    const { payer, key, priceMax } = this.#chosen;
    return { payer: formatPayAddress(payer), key: formatPayAddress(key.address), priceMax };
  }

  /** The purse to pay from; undefined when none is in use, or no chain is known. */
  async current(): Promise<OpenPurse | undefined> {
    const chain = this.#options.ledger()?.chain;
    const of = this.#chosen;
    if (chain === undefined || of === undefined) return undefined;
    const purse = await this.#opened(of, chain);
    if (this.#chosen !== of) return this.current();
    purse.priceMax = of.priceMax;
    this.#spendings = purse.spendings;
    return purse;
  }

  /** Throws BAD_ARGUMENT, NO_CHAIN, NO_STORAGE. */
  async use(purse: PurseUse | undefined): Promise<void> {
    const { kept, ledger } = this.#options;
    if (purse === undefined) {
      await kept.set('purse', [null]);
      this.#chosen = undefined;
      this.#spendings = undefined;
      return;
    }
    const [payer, address] = [parsePayAddress(purse.payer), parsePayAddress(purse.key)];
    const priceMax = purse.priceMax === undefined ? undefined : checkAmount('priceMax', purse.priceMax);
    if (ledger() === undefined) throw new SeaError('NO_CHAIN', 'a purse needs a chain, and none is known here');
    const { name, key } = await this.#find(address);
    await kept.set('purse', [payer, name, toBytes(priceMax ?? 0n, AMOUNT_BYTES), priceMax !== undefined]);
    this.#chosen = { payer, key, priceMax };
    await this.current();
  }

  /** Throws NO_STORAGE, OVERLOADED. */
  async newKey(): Promise<PayAddress> {
    const { kept, payKeys } = this.#options;
    const count = await this.#count();
    if (count >= SESSION_KEYS_MAX) throw new SeaError('OVERLOADED', `${count} session keys were made here`);
    await kept.set('sessions', [count + 1]); // first, so that no key is given out twice
    return (await payKeys.kept(nameOf(count))).address;
  }

  /** The newest first. */
  async #find(address: PayAddress): Promise<{ name: string; key: PayKey }> {
    for (let place = (await this.#count()) - 1; place >= 0; place--) {
      const key = await this.#options.payKeys.kept(nameOf(place));
      if (equal(key.address, address)) return { name: nameOf(place), key };
    }
    throw new SeaError('BAD_ARGUMENT', 'the purse is for a session key that was not made on this device');
  }

  async #count(): Promise<number> {
    return (await this.#options.kept.get('sessions', reader => reader.uint('count', SESSION_KEYS_MAX))) ?? 0;
  }

  #opened(of: Chosen, chain: Chain): Promise<OwnPurse> {
    const { id, contract } = chain;
    const name = [`${id}`, toHex(contract), toHex(of.payer), toHex(of.key.address)].join('/');
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const purse = this.#make(of, chain);
    this.#open.set(name, purse);
    purse.catch(() => this.#open.delete(name)); // whoever asked hears of it; the next tries again
    return purse;
  }

  async #make({ payer, key, priceMax }: Chosen, chain: Chain): Promise<OwnPurse> {
    const { self, kept, payKeys, lane } = this.#options;
    const [spendings, digest] = await Promise.all([
      Spendings.open(kept, chain, key.address, lane),
      bindingDigest(payKeys, self),
    ]);
    return { chain, payer, key, priceMax, spendings, binding: key.sign(digest) };
  }
}

function nameOf(place: number): string {
  return `session-${place}`;
}

/** Null stands for none. */
function readChosen(reader: Reader): { payer: PayAddress; name: string; priceMax: bigint | undefined } | undefined {
  const payer = reader.nullable(it => it.bytes('payer', PAY_ADDRESS_BYTES));
  if (payer === null) return undefined;
  const name = reader.text('name', 32);
  const priceMax = fromBytes(reader.bytes('priceMax', AMOUNT_BYTES));
  return { payer, name, priceMax: reader.flag('limited') ? priceMax : undefined };
}
