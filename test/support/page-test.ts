/**
 * Playwright's `test` for the built page: a sea to visit, shared by the tests of a worker (a bootstrap node that serves
 * `dist/page` and two contributors), and `arrive`, which opens the page for a newcomer. A test fails when a page of it
 * had an error on its console, threw, or broke its content security policy.
 */

import { fileURLToPath } from 'node:url';
import { type BrowserContext, type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { type DevChain, startDevChain } from './dev-chain.ts';
import { type SeaProcess, startProcess } from './sea-process.ts';
import { desk, Visit } from './visit.ts';

/** The built page; PEERSEA_PAGE names the folder of another build. */
const PAGE_FOLDER = process.env.PEERSEA_PAGE ?? fileURLToPath(new URL('../../dist/page', import.meta.url));

export interface ServedSea {
  /** The page. */
  readonly url: string;
  /** The bootstrap node's websocket. */
  readonly ws: string;
  /** Addresses of the contributors. */
  readonly contributors: readonly string[];
}

export interface ArriveOptions extends BrowserContextOptions {
  /** Another address than that of the shared sea's page. */
  readonly url?: string;
  /** What is done to the context before its first page opens. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>;
  /** Complaints of the browser that the test means to cause. */
  readonly expected?: RegExp;
}

interface Fixtures {
  readonly start: Start;
  /** A newcomer with a browser profile of its own, at the open page. */
  arrive(options?: ArriveOptions): Promise<Visit>;
}

const startServer = (...args: string[]): Promise<SeaProcess> =>
  startProcess('bootstrap', '--port', '0', '--page', PAGE_FOLDER, ...args);

const startContributor = (ws: string, ...args: string[]): Promise<SeaProcess> =>
  startProcess('contribute', '--bootstrap', ws, '--slots', '1', ...args);

/** What a test's pages need. It ends by itself, after the pages have closed: none of them is to miss it. */
export interface Start {
  /** A bootstrap node that serves the page. */
  server(...args: string[]): Promise<SeaProcess>;
  /** A contributor with one core. */
  contributor(ws: string, ...args: string[]): Promise<SeaProcess>;
  /** A development chain. */
  chain(): Promise<DevChain>;
}

export const test = base.extend<Fixtures, { sea: ServedSea }>({
  sea: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const server = await startServer();
      const { url, ws } = server.ready as { url: string; ws: string };
      const contributors = await Promise.all([startContributor(ws), startContributor(ws)]);
      await use({ url, ws, contributors: contributors.map(({ ready }) => ready.address!) });
      await Promise.all([...contributors, server].map(each => each.kill()));
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  start: async ({}, use) => {
    const ends: (() => unknown)[] = [];
    const ended = async <T>(starting: Promise<T>, end: (started: T) => unknown): Promise<T> => {
      const started = await starting;
      ends.push(() => end(started));
      return started;
    };
    await use({
      server: (...args) => ended(startServer(...args), server => server.kill()),
      contributor: (ws, ...args) => ended(startContributor(ws, ...args), contributor => contributor.kill()),
      chain: () => ended(startDevChain(), chain => chain.stop()),
    });
    await Promise.all(ends.map(end => end()));
  },

  // It asks for `start` so that it is taken down before what was started.
  arrive: async ({ browser, sea, start: _ }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async ({ url = sea.url, prepare, expected, ...options } = {}) => {
      const context = await browser.newContext({ viewport: desk, ...options });
      contexts.push(context);
      watch(context, fault => {
        if (expected?.test(fault) !== true) faults.push(fault);
      });
      await prepare?.(context);
      const page = await context.newPage();
      await page.goto(url);
      return new Visit(page);
    });
    await Promise.all(contexts.map(context => context.close()));
    expect(faults, 'the browser found nothing to complain of').toEqual([]);
  },
});

/** Errors on the console (a breach of the content security policy is one), and what scripts threw. */
function watch(context: BrowserContext, onFault: (fault: string) => void): void {
  context.on('console', message => {
    if (message.type() === 'error') onFault(`console: ${message.text()}`);
  });
  context.on('weberror', error => onFault(`thrown: ${error.error().stack ?? error.error().message}`));
}
