#!/usr/bin/env node

/** `peersea COMMAND`: the node at the command line. See `cli/main.ts`, and one file per command in `cli/`. */

import { main } from './cli/main.ts';
import { stopUnwritten } from './cli/standard-output.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
stopUnwritten(process.stdout, stop);
process.stderr.on('error', () => {}); // a log that nobody reads ends no node

process.exit(await main(process.argv.slice(2), stop.signal));
