/** A chain's node asked over HTTP (JSON-RPC). */

const TIMEOUT_MS = 10_000;

/** Resolves to the result. Throws with the node's own words, or with what kept it from answering. */
export async function ask(url, method, params = []) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { result, error } = await response.json();
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}
