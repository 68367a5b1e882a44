/** Time as an interface. Bodies: `adapters/browser`, `adapters/node`, `sim`. The core knows no other time. */

/** Undoes a scheduled call; harmless once it has run. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Unix time in milliseconds, as this machine believes it. For signed timestamps only. */
  wallMs(): number;
  /** Runs `fn` once, `delayMs` from now or a little later. */
  after(delayMs: number, fn: () => void): Cancel;
}
