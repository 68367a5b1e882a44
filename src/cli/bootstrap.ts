/** `peersea bootstrap`: a listening node. */

import { taskFrameScriptHash } from '../adapters/worker/generated/task-frame-hash.ts';
import { SLOTS_MAX } from '../compute/limits.ts';
import { startBootstrap } from '../node.ts';
import { chainOptions, chainUsage, readChain } from './chain-option.ts';
import {
  type Command,
  commonOptions,
  commonUsage,
  dataFolder,
  parse,
  report,
  stderrLog,
  untilAborted,
  wholeNumber,
} from './command.ts';

const DEFAULT_PORT = '4600';

export const bootstrap: Command = {
  purpose: 'a node that listens: the way into the sea for newcomers; serves the page and /health',
  usage: `usage: peersea bootstrap [options]

  --port N          port to listen on (default ${DEFAULT_PORT}; 0 takes a free one)
  --host H          address to listen on (default 127.0.0.1; 0.0.0.0 for all)
  --cert F --key F  PEM files: speak https and wss
  --page FOLDER     serve this folder as the page
  --origin O        take websockets of pages of this origin only; may be given several times
  --public-url URL  what others are told to dial, when a proxy stands before the node
  --trust-proxy     take client addresses from X-Forwarded-For
  --slots N         parts to compute at once, at most ${SLOTS_MAX} (default 0)
${chainUsage}; told to pages
  --relay-chain     pages reach the chain by way of this node: for a development chain of this machine
${commonUsage}`,

  async run(args, signal) {
    const { values } = parse({
      args: [...args],
      options: {
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
      },
    });
    const port = wholeNumber(values.port, '--port', 0, 65_535);
    const slots = wholeNumber(values.slots, '--slots', 0, SLOTS_MAX);
    const chain = await readChain(values);
    const node = await startBootstrap({
      host: values.host,
      port,
      cert: values.cert,
      key: values.key,
      pageFolder: values.page,
      taskFrameScriptHash,
      origins: values.origin ?? '*',
      trustProxy: values['trust-proxy'],
      publicUrl: values['public-url'],
      chain,
      relayChain: values['relay-chain'],
      bootstraps: values.bootstrap ?? [],
      networkId: values.network,
      dataFolder: dataFolder(values.data),
      log: stderrLog(values),
    });
    node.sea.contribute({ slots });
    const { url, wsUrl } = node.server;
    const address = node.sea.localId().toString();
    report(
      values.json,
      { url, ws: wsUrl, address },
      `bootstrap node ${address.slice(0, 8)} at ${url}, websockets at ${wsUrl}`,
    );
    await untilAborted(signal);
    await node.close();
  },
};
