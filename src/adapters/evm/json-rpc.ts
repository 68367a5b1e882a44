/** A chain's node asked over HTTP (JSON-RPC 2.0), with a bound on time and on the answer. */

import { abortError, checkAborted } from '../../base/abort.ts';
import { concat, utf8Decode } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import { RPC_ANSWER_BYTES_MAX, RPC_TIMEOUT_MS } from './limits.ts';

/** Asks one thing. Throws RpcError when the node says no, CHAIN_FAILED when it says nothing usable, ABORTED. */
export type RpcRequest = (method: string, params: readonly unknown[], signal?: AbortSignal) => Promise<unknown>;

/** The node's own refusal; `data` holds what a contract reverted with. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Requests to the node at an http or https URL. */
export function httpRpc(url: string, timeoutMs: number = RPC_TIMEOUT_MS): RpcRequest {
  return async (method, params, signal) => {
    checkAborted(signal);
    const late = AbortSignal.timeout(timeoutMs);
    let text: string;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      });
      text = await readBounded(response);
    } catch (cause) {
      if (signal?.aborted) throw abortError(signal);
      if (cause instanceof SeaError) throw cause;
      const detail = late.aborted ? `no answer within ${timeoutMs} ms` : `no connection${whyNot(cause)}`;
      throw failed(`${placeOf(url)}: ${detail}`, cause);
    }
    return resultOf(text, method);
  };
}

async function readBounded({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) return utf8Decode(concat(...parts));
    length += value.length;
    parts.push(value);
    if (length <= RPC_ANSWER_BYTES_MAX) continue;
    await reader?.cancel();
    throw failed(`more than ${RPC_ANSWER_BYTES_MAX} bytes came`);
  }
}

function resultOf(text: string, method: string): unknown {
  let answer: { result?: unknown; error?: { code?: unknown; message?: unknown; data?: unknown } } | null;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw failed('its answer is not JSON', cause);
  }
  const { error } = answer ?? {};
  if (typeof error === 'object' && error !== null)
    throw new RpcError(Number(error.code), String(error.message).slice(0, 300), error.data);
  if (answer?.result === undefined) throw failed(`${method} was answered without a result`);
  return answer.result;
}

/** What a URL may be told by: some hold a key behind the host. */
function placeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : JSON.stringify(url);
}

/** What Node says of a connection that failed; browsers say nothing. */
function whyNot(error: unknown): string {
  const { message, code } = (error as { cause?: { message?: unknown; code?: unknown } } | undefined)?.cause ?? {};
  const said = message || code; // of several addresses there is a code alone
  return typeof said === 'string' ? ` (${said})` : '';
}

function failed(detail: string, cause?: unknown): SeaError {
  return new SeaError('CHAIN_FAILED', `the chain's node: ${detail}`, { cause });
}
