/** `peersea bootstrap`: a listening node. */

import { taskFrameScriptHash } from '../adapters/worker/generated/task-frame-hash.ts';
import { SLOTS_MAX } from '../compute/limits.ts';
import { type BootstrapOptions, startBootstrap } from '../node.ts';
import type { Log } from '../ports/log.ts';
import { chainOptions, chainUsage, readChain } from './chain-option.ts';
import {
  type Command,
  commonOptions,
  commonUsage,
  dataFolder,
  joinOptions,
  onFolder,
  parse,
  report,
  stderrLog,
  tellReturns,
  untilAborted,
  wholeNumber,
} from './command.ts';
import { keepEntering, tryToEnter } from './keep-entering.ts';

const DEFAULT_PORT = '4600';

/** It says that it listens after so long at the latest, ms, in the sea or not. */
const FIRST_TRY_MS = 5_000;

const options = {
  ...commonOptions,
  ...chainOptions,
  port: { type: 'string', default: DEFAULT_PORT },
  host: { type: 'string', default: '127.0.0.1' },
  cert: { type: 'string' },
  key: { type: 'string' },
  page: { type: 'string' },
  origin: { type: 'string', multiple: true },
  'public-url': { type: 'string' },
  'trust-proxy': { type: 'boolean', default: false },
  'relay-chain': { type: 'boolean', default: false },
  slots: { type: 'string', default: '0' },
} as const;

type Values = ReturnType<typeof parse<{ options: typeof options }>>['values'];

export const bootstrap: Command = {
  purpose: 'a node that listens: the way into the sea for newcomers; serves the page and /health',
  usage: `usage: peersea bootstrap [options]

  --port N          port to listen on (default ${DEFAULT_PORT}; 0 takes a free one)
  --host H          address to listen on (default 127.0.0.1; 0.0.0.0 for all)
  --cert F --key F  PEM files: speak https and wss
  --page FOLDER     serve this folder as the page
  --origin O        take websockets of pages of this origin only, as https://sea.example.org; may be given several times
  --public-url URL  what others are told to dial when a proxy stands before the node, as wss://sea.example.org/sea
  --trust-proxy     take client addresses from X-Forwarded-For
  --slots N         parts to compute at once, at most ${SLOTS_MAX} (default 0)
${chainUsage}; told to pages
  --relay-chain     pages reach the chain by way of this node: for a development chain of this machine
${commonUsage('bootstrap', 'time for each attempt to come in by --bootstrap; it stays up and goes on trying (default 60000)')}

GET /health tells { ok, uptimeS, version, address, links, online } with status 200 while this node is in the sea (one that
is given no --bootstrap is a sea of its own), and 503 while it is not: send newcomers elsewhere, but leave it running.`,

  async run(args, signal) {
    const { values } = parse({ args: [...args], options });
    const { timeoutMs } = joinOptions(values, signal);
    const slots = wholeNumber(values.slots, '--slots', 0, SLOTS_MAX);
    const log = stderrLog(values);
    const startOptions = await bootstrapOptions(values, log);
    const node = await onFolder(() => startBootstrap(startOptions));
    try {
      const { sea, server } = node;
      tellReturns(sea, log);
      sea.contribute({ slots });
      const isIn = await tryToEnter(sea, { signal, log, timeoutMs: Math.min(FIRST_TRY_MS, timeoutMs) });
      const address = sea.localId().toString();
      report(
        values.json,
        { url: server.url, ws: server.wsUrl, address, online: sea.online() },
        `bootstrap node ${address.slice(0, 8)} at ${server.url}, websockets at ${server.wsUrl}${sea.online() ? '' : '; not in the sea yet'}`,
      );
      if (!isIn) await keepEntering(sea, { signal, log, timeoutMs });
      await untilAborted(signal);
    } finally {
      await node.close();
    }
  },
};

async function bootstrapOptions(values: Values, log: Log): Promise<BootstrapOptions> {
  return {
    host: values.host,
    port: wholeNumber(values.port, '--port', 0, 65_535),
    cert: values.cert,
    key: values.key,
    pageFolder: values.page,
    taskFrameScriptHash,
    origins: values.origin ?? '*',
    trustProxy: values['trust-proxy'],
    publicUrl: values['public-url'],
    chain: await readChain(values),
    relayChain: values['relay-chain'],
    bootstraps: values.bootstrap ?? [],
    networkId: values.network,
    dataFolder: dataFolder(values.data, 'bootstrap'),
    log,
    online: false,
  };
}
