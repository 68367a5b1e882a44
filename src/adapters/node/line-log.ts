/** Log lines on stderr, for people or as one JSON object each. */

import { toHex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { isSeaError } from '../../base/errors.ts';
import { type Log, type LogLevel, logLevels } from '../../ports/log.ts';

export interface LineLogOptions {
  /** 'text': `2025-11-20T12:00:00.000Z info  a message {"data":1}`. 'json': `{"time":…,"level":…,"message":…,"data":…}`. */
  readonly format?: 'text' | 'json';
  /** Lines below it are dropped. */
  readonly least?: LogLevel;
  /** Takes one line with its end; by default stderr. */
  readonly write?: (line: string) => void;
}

export class LineLog implements Log {
  readonly #clock: Clock;
  readonly #format: 'text' | 'json';
  readonly #least: number;
  readonly #write: (line: string) => void;

  constructor(clock: Clock, options: LineLogOptions = {}) {
    this.#clock = clock;
    this.#format = options.format ?? 'text';
    this.#least = logLevels.indexOf(options.least ?? 'info');
    this.#write = options.write ?? (line => void process.stderr.write(line));
  }

  write(level: LogLevel, message: string, data?: Readonly<Record<string, unknown>>): void {
    if (logLevels.indexOf(level) < this.#least) return;
    const time = new Date(this.#clock.wallMs()).toISOString();
    if (this.#format === 'json') this.#write(`${toJson({ time, level, message, ...(data && { data }) })}\n`);
    else this.#write(`${time} ${level.padEnd(5)} ${message}${data === undefined ? '' : ` ${toJson(data)}`}\n`);
  }
}

/** One line without control characters whatever the values are; data that JSON cannot take does not throw. */
function toJson(data: unknown): string {
  return stringify(data).replace(/[\u007f-\u009f\u2028\u2029]/g, escapeCharacter); // JSON escapes only those below U+0020
}

function stringify(data: unknown): string {
  try {
    return JSON.stringify(data, plain);
  } catch (error) {
    return JSON.stringify(`data that could not be logged: ${String(error)}`); // a circle, a throwing getter
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (isSeaError(value)) return { code: value.code, message: value.message };
  if (value instanceof Error) return { name: value.name, message: value.message };
  return typeof value === 'bigint' ? value.toString() : value;
}
