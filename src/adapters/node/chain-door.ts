/**
 * What a bootstrap node's server says of the chain, and, where it is asked to, a way to it: a development chain listens on
 * its own machine only, and a page that came by https may not speak to it by http.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChainInfo } from '../../ports/chain-info.ts';
import { normalHost } from '../browser/websocket-binding.ts';
import { CHAIN_ANSWER_BYTES_MAX, CHAIN_QUESTION_BYTES_MAX, CHAIN_QUESTIONS_MAX, CHAIN_TIMEOUT_MS } from './limits.ts';
import { PUBLIC_JSON } from './page-files.ts';

export interface ChainDoorOptions {
  readonly chain: ChainInfo;
  /** Passes pages' questions on to the chain, and tells them this server's address for it. */
  readonly relay: boolean;
  /** The server speaks https. */
  readonly secure: boolean;
}

const RELAY_PATH = '/chain/rpc';

/** What pages and wallets ask; nothing that governs the chain. */
const METHODS: ReadonlySet<string> = new Set([
  'eth_accounts',
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_sendRawTransaction',
  'eth_sendTransaction',
  'net_version',
  'web3_clientVersion',
]);

export class ChainDoor {
  readonly #options: ChainDoorOptions;
  #questions = 0;

  constructor(options: ChainDoorOptions) {
    this.#options = options;
  }

  /** Answers what concerns the chain; false for anything else. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const path = (request.url ?? '').replace(/\?.*$/s, '');
    if (path === '/chain.json') {
      this.#tell(request, response);
      return true;
    }
    if (path !== RELAY_PATH || !this.#options.relay) return false;
    this.#pass(request, response).catch(() => refuse(response, 502, 'the chain does not answer'));
    return true;
  }

  #tell(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'ask by GET');
    const { chain, relay } = this.#options;
    const own = this.#ownOrigin(request);
    const relayed = relay && own !== undefined && this.#isOwnPage(request); // pages of other origins ask the chain itself
    const told = relayed ? { ...chain, rpc: `${own}${RELAY_PATH}` } : chain;
    response.writeHead(200, PUBLIC_JSON);
    response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(told)}\n`);
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return refuse(response, 405, 'ask by POST');
    if (!this.#isOwnPage(request)) return refuse(response, 403, 'pages of other origins may not ask');
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
      return refuse(response, 415, 'ask in JSON');
    if (this.#questions >= CHAIN_QUESTIONS_MAX) return refuse(response, 503, 'too many questions at once');
    const gone = new AbortController();
    response.once('close', () => gone.abort()); // who no longer waits takes no place
    this.#questions++;
    try {
      const question = await readUpTo(request, CHAIN_QUESTION_BYTES_MAX);
      if (question === undefined) return refuse(response, 413, 'too long a question');
      if (!mayAsk(question)) return refuse(response, 403, 'that is not asked here');
      const answer = await fetch(this.#options.chain.rpc, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: question,
        signal: AbortSignal.any([gone.signal, AbortSignal.timeout(CHAIN_TIMEOUT_MS)]),
      });
      const text = await readUpTo(answer.body ?? [], CHAIN_ANSWER_BYTES_MAX);
      if (text === undefined) return refuse(response, 502, 'too long an answer');
      response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(text);
    } finally {
      this.#questions--;
    }
  }

  /** Programs send no Origin, extensions one of another kind; what is kept out are other sites in a visitor's browser. */
  #isOwnPage(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    return origin === undefined || !/^(https?:|null$)/.test(origin) || origin === this.#ownOrigin(request);
  }

  #ownOrigin({ headers }: IncomingMessage): string | undefined {
    const host = normalHost(headers.host ?? '');
    return host === undefined ? undefined : `${this.#options.secure ? 'https' : 'http'}://${host}`;
  }
}

/** One question of a kind that is passed on; batches are not. */
function mayAsk(question: string): boolean {
  try {
    const { method } = JSON.parse(question) as { method?: unknown };
    return typeof method === 'string' && METHODS.has(method);
  } catch {
    return false;
  }
}

async function readUpTo(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  max: number,
): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > max) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end(`${reason}\n`);
}
