/** What the development wallet asks the visitor, one question at a time. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { WalletRequest } from '../wallet/development-wallet.ts';

export interface Prompt {
  readonly request: WalletRequest;
  answer(isAgreed: boolean): void;
}

export class Prompts {
  readonly #waiting: Signal<readonly Prompt[]> = signal<readonly Prompt[]>([]);

  /** Those not answered yet; the first is to be shown. */
  get waiting(): ReadonlySignal<readonly Prompt[]> {
    return this.#waiting;
  }

  /** Resolves with the visitor's answer. */
  readonly ask = (request: WalletRequest): Promise<boolean> =>
    new Promise(resolve => {
      const prompt: Prompt = {
        request,
        answer: isAgreed => {
          this.#waiting.value = this.#waiting.value.filter(each => each !== prompt);
          resolve(isAgreed);
        },
      };
      this.#waiting.value = [...this.#waiting.value, prompt];
    });

  /** Declines all: nobody waits for them any more. */
  declineAll(): void {
    for (const prompt of this.#waiting.value) prompt.answer(false);
  }
}
