/** Log lines in the browser's console. */

import { type Log, type LogLevel, logLevels } from '../../ports/log.ts';

export class ConsoleLog implements Log {
  readonly #least: number;

  /** Drops lines below `least`. */
  constructor(least: LogLevel = 'info') {
    this.#least = logLevels.indexOf(least);
  }

  write(level: LogLevel, message: string, data?: Readonly<Record<string, unknown>>): void {
    if (logLevels.indexOf(level) < this.#least) return;
    if (data === undefined) console[level](`peersea: ${message}`);
    else console[level](`peersea: ${message}`, data);
  }
}
