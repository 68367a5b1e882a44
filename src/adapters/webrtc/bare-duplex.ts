/**
 * What simple-peer's connection half uses of a Node stream: its events. Stands in for `readable-stream` when simple-peer
 * is bundled (`scripts/generate.mjs`): the streaming half is never used here, and its polyfills weigh three times as much
 * as all the rest of the package.
 */

type Listener = (...details: never[]) => void;

export class Duplex {
  /** Both halves are over from the start, so that nothing tries to end them. */
  readonly _readableState: { readonly ended: true } = { ended: true };
  readonly _writableState: { readonly finished: true } = { finished: true };
  readonly #listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...this.#of(event), listener]);
    return this;
  }

  once(event: string, listener: Listener): this {
    const heard: Listener = (...details) => {
      this.removeListener(event, heard);
      listener(...details);
    };
    return this.on(event, heard);
  }

  removeListener(event: string, listener: Listener): this {
    this.#listeners.set(
      event,
      this.#of(event).filter(other => other !== listener),
    );
    return this;
  }

  /** Those that listen when it is called hear it, in the order in which they came. False when nobody does. */
  emit(event: string, ...details: unknown[]): boolean {
    const listeners = this.#of(event);
    for (const listener of listeners) listener(...(details as never[]));
    return listeners.length > 0;
  }

  #of(event: string): readonly Listener[] {
    return this.#listeners.get(event) ?? [];
  }
}
