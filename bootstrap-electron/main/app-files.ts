/**
 * Answers the window's requests for its own files, under the app's scheme. A scheme of its own gives the page a lasting
 * secure origin (its key and locks live there); `file:` would give it the whole disk.
 */

import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { pagePolicy } from '../../src/adapters/node/page-files.ts';
import { taskFrameScriptHash } from '../../src/adapters/worker/generated/task-frame-hash.ts';

/** Scheme and host of the window's page. */
export const APP_SCHEME = 'peersea';
export const APP_URL: string = `${APP_SCHEME}://node/`;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The page's own files and sockets; framed by nobody. */
const policy: string = pagePolicy([taskFrameScriptHash]).replace("frame-ancestors 'self'", "frame-ancestors 'none'");

/** The file of `folder` that a request names, under the page's policy; 404 for all else, 405 for other methods than GET. */
export async function appFile(folder: string, request: Request): Promise<Response> {
  if (request.method !== 'GET') return new Response('method not allowed\n', { status: 405 });
  const path = pathIn(folder, request.url);
  const type = path === undefined ? undefined : types[extname(path)];
  const bytes = path === undefined || type === undefined ? undefined : await readFile(path).catch(() => undefined);
  if (bytes === undefined || type === undefined) return new Response('not found\n', { status: 404 });
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    },
  });
}

/** Undefined for another host and for what lies outside the folder. */
function pathIn(folder: string, requestUrl: string): string | undefined {
  const url = URL.canParse(requestUrl) ? new URL(requestUrl) : undefined;
  if (url?.protocol !== `${APP_SCHEME}:` || url.host !== new URL(APP_URL).host) return undefined;
  try {
    const name = decodeURIComponent(url.pathname);
    const path = normalize(join(folder, name.endsWith('/') ? `${name}index.html` : name));
    return path.startsWith(normalize(folder) + sep) && !path.includes('\0') ? path : undefined;
  } catch {
    return undefined; // percent signs that mean nothing
  }
}
