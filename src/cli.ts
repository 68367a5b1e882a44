#!/usr/bin/env node

/** `peersea COMMAND`: the node at the command line. See `cli/main.ts`, and one file per command in `cli/`. */

import { main } from './cli/main.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.exit(await main(process.argv.slice(2), stop.signal));
