/** Keeps the settings, and whether the node was running, in one JSON file. */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../../src/ports/log.ts';
import { fieldsOf } from '../shared/channel-messages.ts';
import { defaultSettings, parseSettings, type Settings } from '../shared/settings.ts';

export interface Kept {
  readonly settings: Settings;
  /** True: the node starts with the app, as it was running when the app was last left. */
  readonly isRunning: boolean;
}

export class SettingsFile {
  readonly #path: string;
  readonly #log: Log;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  /** What was kept; defaults for a file that is not there or not fit (the log says why). */
  async read(): Promise<Kept> {
    try {
      const { settings, isRunning } = fieldsOf(JSON.parse(await readFile(this.#path, 'utf8')));
      return { settings: parseSettings(settings), isRunning: isRunning === true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#log.write('warn', 'the settings cannot be read; going on with defaults', { error: String(error) });
      }
      return { settings: defaultSettings, isRunning: false };
    }
  }

  /** Replaces the file whole. A disk that refuses costs the settings, not the node: the log says why. */
  async write(kept: Kept): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(`${this.#path}.new`, `${JSON.stringify(kept, null, 2)}\n`);
      await rename(`${this.#path}.new`, this.#path);
    } catch (error) {
      this.#log.write('warn', 'the settings cannot be kept', { error: String(error) });
    }
  }
}
