/**
 * Serves a page of a browser test on 127.0.0.1 (a secure context: crypto.subtle, locks and storage are there), with its
 * TypeScript entry bundled in memory by Vite, as an application would bundle the library.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { build, type InlineConfig } from 'vite';

export interface PageSource {
  /** Absolute path of a TypeScript module; the page loads its bundle as `/entry.js`. */
  readonly entry?: string;
  /** The page itself. By default an empty document that loads the entry, if there is one. */
  readonly html?: string;
  /** Further files by absolute URL path (`/task.wasm`). They win over bundled ones. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Headers of every response, such as a Content-Security-Policy. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ServedPage {
  /** `http://localhost:<port>/`; any `<name>.localhost` at the same port is another origin with the same page. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
};

/** Bundles and serves. A path that is not known is answered with 404. */
export async function servePage(source: PageSource): Promise<ServedPage> {
  const files = new Map<string, string | Uint8Array>([['/', source.html ?? emptyPage(source.entry !== undefined)]]);
  if (source.entry !== undefined) for (const [path, body] of await bundle(source.entry)) files.set(path, body);
  for (const [path, body] of Object.entries(source.files ?? {})) files.set(path, body);

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = files.get(path);
    if (body === undefined) return void response.writeHead(404).end();
    const type = CONTENT_TYPES[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', ...source.headers }).end(body);
  });
  const port = await listen(server);
  return { url: `http://localhost:${port}/`, port, close: () => stop(server) };
}

/** The entry and all it needs, workers included, as files by URL path. */
async function bundle(entry: string): Promise<Map<string, string | Uint8Array>> {
  const config: InlineConfig = {
    configFile: false,
    logLevel: 'error',
    base: './',
    worker: { format: 'es' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rollupOptions: { input: entry, output: { entryFileNames: 'entry.js' } },
    },
  };
  const built = await build(config);
  if (!('output' in built)) throw new Error('expected one bundle');
  return new Map(built.output.map(file => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]));
}

function emptyPage(hasEntry: boolean): string {
  const script = hasEntry ? '<script type="module" src="/entry.js"></script>' : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,">${script}</html>`;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
