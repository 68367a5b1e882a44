/** One map's purse strings: what it may start, what it costs, and when its budget is spent. */

import type { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import type { Account, Agreement, Decided, Place } from './account.ts';
import type { Purser, PurserOptions, Subtask } from './payment.ts';

export interface PurserHost {
  /** The books with a provider; the same for every map. Throws OVERLOADED. */
  readonly account: (provider: HashAddress) => Account;
  /** SHA-256. */
  readonly hash: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** Hears when room, terms or sums changed by what came from outside; returns the undo. */
  readonly onChange: (listener: () => void) => () => void;
}

interface Wait {
  attempts: number;
  decided: Decided | undefined;
}

export class MapPurser implements Purser {
  readonly #host: PurserHost;
  readonly #options: PurserOptions;
  readonly #accounts = new Map<string, Account>(); // those of the map's providers
  /** What was agreed for this map last: who agrees again was told that it holds no more. */
  readonly #agreed = new Map<Account, Agreement>();
  /** Under way, by provider and subtask. */
  readonly #places = new Map<string, Place>();
  /** Parts of which attempts came to nothing that a provider may have computed all the same. */
  readonly #waits = new Map<string, Wait>(); // settled within a second
  readonly #forget: () => void;
  #cost = 0n;
  /** What is under way can cost so much at most. */
  #reserved = 0n;
  #open = 0;

  constructor(host: PurserHost, options: PurserOptions) {
    this.#host = host;
    this.#options = options;
    this.#forget = host.onChange(() => options.onChange());
  }

  get cost(): bigint {
    return this.#cost;
  }

  get spent(): boolean {
    const { budget } = this.#options;
    if (budget === undefined || this.#open > 0) return false;
    const prices = [...this.#accounts.values()].flatMap(({ agreement }) => (agreement ? [agreement.priceMax] : []));
    return prices.length > 0 && prices.every(price => price > budget - this.#cost);
  }

  async agree(provider: HashAddress, signal: AbortSignal): Promise<void> {
    const account = this.#host.account(provider);
    const agreement = await account.agree(this.#agreed.get(account), signal);
    this.#agreed.set(account, agreement);
    const priceMax = this.#priceMax(agreement);
    if (agreement.priceMax > priceMax)
      throw new SeaError('PRICE_TOO_HIGH', `${agreement.priceMax} are asked for a part, ${priceMax} are the most`, {
        peer: provider.toString(),
      });
    this.#accounts.set(provider.toString(), account);
  }

  hasTerms(provider: HashAddress): boolean {
    const agreement = this.#accounts.get(provider.toString())?.agreement;
    return agreement !== undefined && agreement.priceMax <= this.#priceMax(agreement);
  }

  mayStart(provider: HashAddress): boolean {
    const account = this.#accounts.get(provider.toString());
    const priceMax = account?.agreement?.priceMax;
    if (priceMax === undefined || !account!.hasRoom || !this.hasTerms(provider)) return false;
    const { budget } = this.#options;
    return priceMax === 0n || budget === undefined || this.#cost + this.#reserved + priceMax <= budget;
  }

  started(provider: HashAddress, subtask: Subtask): void {
    const account = this.#accounts.get(provider.toString());
    const agreement = account?.agreement;
    if (account === undefined || agreement === undefined) return; // nothing was agreed: the provider says so
    const place = account.start(subtask, agreement);
    this.#places.set(nameOf(provider, subtask), place);
    this.#reserved += place.priceMax;
    this.#open++;
  }

  accepted(provider: HashAddress, subtask: Subtask, input: Uint8Array, output: Uint8Array): void {
    const place = this.#take(provider, subtask);
    const wait = this.#waits.get(toHex(subtask.id));
    if (place === undefined && wait === undefined) return;
    const { hash } = this.#host;
    const decided = { inputHash: hash(input), outputHash: hash(output), outputBytes: output.length };
    if (wait !== undefined) wait.decided = decided;
    if (place === undefined) return;
    this.#cost += place.accept(decided);
    this.#over(place);
  }

  ended(provider: HashAddress, subtask: Subtask): void {
    const place = this.#take(provider, subtask);
    if (place !== undefined) this.#end(place, toHex(subtask.id));
  }

  refused(provider: HashAddress, subtask: Subtask): void {
    const place = this.#take(provider, subtask);
    place?.end(
      () => undefined,
      () => this.#over(place),
    );
  }

  async close(): Promise<void> {
    for (const [name, place] of this.#places) this.#end(place, name);
    this.#places.clear();
    await Promise.all([...this.#accounts.values()].map(account => account.flush()));
    this.#forget();
  }

  /** Its room in the budget is kept until it is clear whether it must be paid after all. */
  #end(place: Place, name: string): void {
    const wait = this.#waits.get(name) ?? { attempts: 0, decided: undefined };
    wait.attempts++;
    this.#waits.set(name, wait);
    const decided = (): Decided | undefined => wait.decided;
    place.end(decided, price => {
      this.#cost += price;
      this.#over(place);
      if (--wait.attempts === 0) this.#waits.delete(name);
    });
  }

  #over({ priceMax }: Place): void {
    this.#reserved -= priceMax;
    this.#open--;
  }

  #take(provider: HashAddress, subtask: Subtask): Place | undefined {
    const name = nameOf(provider, subtask);
    const place = this.#places.get(name);
    this.#places.delete(name);
    return place;
  }

  /** Said for this map, else for the purse, else as much as the map may cost. */
  #priceMax({ purse }: Agreement): bigint {
    return this.#options.priceMax ?? purse?.priceMax ?? this.#options.budget ?? 0n;
  }
}

function nameOf(provider: HashAddress, { id }: Subtask): string {
  return `${provider.toString()}/${toHex(id)}`;
}
