/** Serves the built page: static files with headers that let it do what it does and nothing else. */

import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { SeaError } from '../../base/errors.ts';

export interface PageFilesOptions {
  /** The folder with index.html. */
  readonly folder: string;
  readonly contentSecurityPolicy: string;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Headers of every response, whatever it holds. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Facts that any site may read: what they say is said to everybody anyway. */
export const PUBLIC_JSON: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'Access-Control-Allow-Origin': '*',
};

/**
 * The page's policy: its own files, WebAssembly, workers from blobs (task frame), sockets to any bootstrap, pictures the
 * user drops. The task frame is a `srcdoc` frame and inherits this: `scriptHashes` ('sha256-…') admit its inline script.
 * `origins`: where else the page may ask, such as a chain's node.
 */
export function pagePolicy(scriptHashes: readonly string[] = [], origins: readonly string[] = []): string {
  const hashes = scriptHashes.map(hash => ` '${hash.replaceAll("'", '')}'`).join('');
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval'${hashes}`,
    "worker-src 'self' blob:",
    ["connect-src 'self' ws: wss:", ...origins].join(' '),
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/**
 * A handler for GET and HEAD of the folder's files as they are now. Hashed names (under assets/) are kept by browsers for
 * good, others are asked for again. Throws BAD_ARGUMENT when the folder holds no index.html.
 */
export function pageFiles({ folder, contentSecurityPolicy }: PageFilesOptions): RequestHandler {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new SeaError(
      'BAD_ARGUMENT',
      `there is no page in ${folder}: it holds no index.html (npm run build makes it)`,
    );
  }
  const serve = sirv(folder, {
    dev: true, // looks at the folder for each request: one that is built anew meanwhile has other files, and lacks some
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(response, path) {
      response.setHeader('Cache-Control', isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    },
  });
  return (request, response) => serve(request, response, () => notFound(response));
}

/** A plain 404. */
export function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
}

function isHashed(path: string): boolean {
  return path.startsWith('/assets/');
}
