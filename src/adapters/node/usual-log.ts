/** What a node of this process logs unless it is told otherwise: what goes wrong, on stderr, where a developer looks for it. */

import type { Log } from '../../ports/log.ts';
import { ConsoleLog } from '../browser/console-log.ts';

export const usualLog: Log = new ConsoleLog('warn');
