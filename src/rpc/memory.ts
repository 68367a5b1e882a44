/** What a callee has answered lately, so that a repeated call is answered again and not run again. Bounded. */

import type { Clock } from '../base/clock.ts';
import { REMEMBERED_BYTES_MAX, REMEMBERED_MAX, REMEMBERED_MS } from './limits.ts';

interface Answer {
  /** The encoded answer; undefined when it was too large to keep. */
  readonly message: Uint8Array | undefined;
  readonly atMs: number;
}

export class AnswerMemory {
  readonly #clock: Clock;
  readonly #answers = new Map<string, Answer>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The answer given before; 'lost' when it was given but not kept; undefined when the call is new. */
  recall(key: string): Uint8Array | 'lost' | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined || this.#clock.now() - answer.atMs > REMEMBERED_MS) return undefined;
    return answer.message ?? 'lost';
  }

  /** Keeps an answer; one of more than a sixteenth of all the room leaves only the fact that it was given. */
  remember(key: string, message: Uint8Array): void {
    this.#forget(key); // a stale answer to the same call, if there is one
    const kept = message.length <= REMEMBERED_BYTES_MAX / 16 ? message : undefined;
    this.#answers.set(key, { message: kept, atMs: this.#clock.now() });
    this.#bytes += kept?.length ?? 0;
    this.#evict();
  }

  /** Oldest first: by age, by count, by bytes. */
  #evict(): void {
    for (const [key, answer] of this.#answers) {
      const stale = this.#clock.now() - answer.atMs > REMEMBERED_MS;
      if (!stale && this.#answers.size <= REMEMBERED_MAX && this.#bytes <= REMEMBERED_BYTES_MAX) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#answers.get(key)?.message?.length ?? 0;
    this.#answers.delete(key);
  }
}
