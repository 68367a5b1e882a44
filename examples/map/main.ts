/** A search on everybody's devices: `sea.map` runs a WebAssembly task over inputs that are made as they are needed. */

import { createSea, isSeaError } from 'peersea';

const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const bootstraps = new URLSearchParams(location.search).getAll('bootstrap');
if (bootstraps.length === 0) bootstraps.push('ws://127.0.0.1:4600/sea');
const TASK = new URL('../../wasm-tasks/hash-search/task.wasm', import.meta.url);
const NONCES_PER_PART = 2 ** 19;

/** Endless: u32 zero bits, u32 how many nonces, u64 the first, then the text. Results are pulled, so inputs are too. */
function* parts(text: string, bits: number): Generator<Uint8Array> {
  const prefix = new TextEncoder().encode(text);
  for (let first = 0n; ; first += BigInt(NONCES_PER_PART)) {
    const input = new Uint8Array(16 + prefix.length);
    const view = new DataView(input.buffer);
    view.setUint32(0, bits, true);
    view.setUint32(4, NONCES_PER_PART, true);
    view.setBigUint64(8, first, true);
    input.set(prefix, 16);
    yield input;
  }
}

const say = (text: string): void => find('state').replaceChildren(text);
say(`Joining by ${bootstraps.join(' or ')} …`);
const sea = await createSea();
const stop = find<HTMLButtonElement>('stop');
let job = new AbortController();
stop.addEventListener('click', () => job.abort());

async function search(text: string, bits: number, signal: AbortSignal): Promise<string> {
  const task = new Uint8Array(await (await fetch(TASK)).arrayBuffer());
  const results = sea.map(task, parts(text, bits), {
    redundancy: 1, // 2 or more: that many peers must agree on each result
    signal,
    onProgress: ({ done, providers }) => {
      find('progress').textContent = `${done} parts done, ${providers} devices at work`;
    },
  });
  for await (const { output, providers } of results) {
    if (output[0] !== 1) continue; // nothing in this part
    const nonce = new DataView(output.buffer, output.byteOffset).getBigUint64(1, true);
    const digest = Array.from(output.subarray(9), byte => byte.toString(16).padStart(2, '0')).join('');
    const by = providers.map(address => address.toString().slice(0, 6)).join(', ');
    return `nonce ${nonce}, found by ${by}, gives ${digest}`; // ends the map
  }
  return 'nothing found';
}

find<HTMLInputElement>('lend').addEventListener('change', event => {
  sea.contribute({ slots: (event.target as HTMLInputElement).checked ? 1 : 0 });
});

find<HTMLFormElement>('job').addEventListener('submit', async event => {
  event.preventDefault();
  job.abort();
  const current = new AbortController();
  job = current;
  stop.disabled = false;
  find('result').textContent = 'searching…';
  const text = find<HTMLInputElement>('text').value;
  const bits = find<HTMLInputElement>('bits').valueAsNumber;
  const found = await search(text, bits, current.signal).catch(error =>
    isSeaError(error, 'ABORTED') ? 'stopped' : error.message,
  );
  if (job !== current) return; // another search has begun
  find('result').textContent = found;
  stop.disabled = true;
});

sea.on('online', () => say('Online'));
sea.on('offline', () => say('Offline'));
await sea
  .goOnline(bootstraps, { timeoutMs: 20_000 })
  .catch(() => say(`Offline: no way in at ${bootstraps.join(', ')}`));
