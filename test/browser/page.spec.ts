/**
 * The built page from the first visit on: agreeing, joining, lending, a second tab, coming back, leaving, and what is said
 * when it does not work.
 */

import { expect } from '@playwright/test';
import { type ServedSea, test } from '../support/page-test.ts';
import type { Visit } from '../support/visit.ts';

/** A device with four cores, whatever this one has. */
const fourCores = (): void => {
  Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 4 });
};

test('before the visitor agrees nothing connects, runs or is stored; one click joins', async ({ arrive }) => {
  const seen: string[] = [];
  const visit = await arrive({
    prepare: async context => {
      context.on('page', page => {
        page.on('websocket', socket => seen.push(`websocket ${socket.url()}`));
        page.on('worker', worker => seen.push(`worker ${worker.url()}`));
        page.on('frameattached', () => seen.push('frame'));
      });
    },
  });
  await expect(visit.page.getByRole('heading', { level: 1 })).toHaveText('A sea of browsers that computes');
  await expect(visit.state).toHaveCount(0);
  expect(await traces(visit)).toEqual({ local: 0, session: 0, databases: 0, cookies: '', sea: false });
  expect(seen).toEqual([]);

  await visit.accept();
  expect(await visit.address()).toMatch(/^[0-9a-f]{64}$/);
  await expect(visit.lending).toHaveText(/^Lending \d+ cores?$/);
  expect(seen.some(each => each.startsWith('websocket'))).toBe(true);
  expect(seen.some(each => each.startsWith('worker'))).toBe(true);
  expect(await traces(visit)).toMatchObject({ local: 1, sea: true });
});

/** What the page has left in its browser. */
function traces({ page }: Visit): Promise<Record<string, unknown>> {
  return page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    cookies: document.cookie,
    sea: 'peersea' in globalThis,
  }));
}

test('a newcomer is linked by WebRTC with everybody within moments, and sees who they are', async ({ arrive, sea }) => {
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await expect(visit.lending).toHaveText('Lending nothing');
  const rows = visit.page.getByRole('table', { name: 'Linked peers' }).locator('tbody tr');
  await expect(rows).toHaveCount(3, { timeout: 60_000 }); // a dial that fails is made again after some seconds
  await expect(visit.page.locator('tr[data-transport=webrtc]')).toHaveCount(3);
  await expect(
    visit.page.getByRole('img', { name: 'Ring of addresses: this device and 3 linked peers' }),
  ).toBeVisible();
  for (const address of sea.contributors) await expect(rows.locator(`[title="${address}"]`)).toBeVisible();
});

test('the slider sets how many cores are lent, at once and for the next visit', async ({ arrive }) => {
  const visit = await arrive({ prepare: context => context.addInitScript(fourCores) });
  const slider = visit.page.getByRole('slider', { name: 'Cores to lend' });
  await expect(slider).toHaveAttribute('aria-valuetext', '2 of 4 cores');
  await slider.fill('3');
  await visit.accept();
  await expect(visit.lending).toHaveText('Lending 3 cores');
  await slider.fill('1');
  await expect(visit.lending).toHaveText('Lending 1 core');
  await slider.press('ArrowRight');
  await expect(visit.lending).toHaveText('Lending 2 cores');
  await visit.button('Stop contributing').click();
  await expect(visit.lending).toHaveText('Lending nothing');
  await slider.fill('4');
  await expect(visit.lending).toHaveText('Lending nothing');
  await visit.page.reload();
  await expect(visit.state).toHaveText('Online');
  await expect(slider).toHaveValue('4');
  await expect(visit.lending).toHaveText('Lending nothing');
});

test('a returning visitor is remembered: joined as before under the same address, or left out as before', async ({
  arrive,
}) => {
  const visit = await arrive();
  await visit.accept();
  const address = await visit.address();
  await visit.page.reload();
  await expect(visit.state).toHaveText('Online');
  expect(await visit.address()).toBe(address);
  await expect(visit.lending).toHaveText(/^Lending \d/);

  await visit.button('Leave the sea').click();
  await expect(visit.state).toHaveText('Offline');
  await expect(visit.lending).toHaveText('Lending nothing');
  await expect(visit.page.getByText('Not in the sea.')).toBeVisible();
  await expect(visit.button('Start job')).toBeDisabled();
  await expect(visit.button('Start job')).toHaveAccessibleDescription('A job can start once this page is online.');
  await visit.page.reload();
  await expect(visit.state).toHaveText('Offline');
  await visit.button('Join the sea').click();
  await expect(visit.state).toHaveText('Online');
  expect(await visit.address()).toBe(address);
});

test('a second tab is a peer of its own, goes on alone, and runs a job', async ({ arrive }) => {
  const first = await arrive();
  await first.accept();
  const second = await first.secondTab();
  await expect(second.state).toHaveText('Online');
  expect(await second.address()).not.toBe(await first.address());
  const row = second.page.getByRole('table', { name: 'Linked peers' }).locator('tr');
  await expect(row.locator(`[title="${await first.address()}"]`)).toBeVisible();
  await first.page.close();
  await expect(second.state).toHaveText('Online');
  await second.start();
  await second.expectJob('done');
});

test('withdrawing consent leaves the sea, forgets the choice and asks again', async ({ arrive }) => {
  const witness = await arrive();
  await witness.acceptWithoutLending();
  const visit = await arrive();
  await visit.accept();
  const row = witness.page.locator(`tbody [title="${await visit.address()}"]`);
  await expect(row).toBeVisible();
  await visit.withdraw();
  await expect(visit.page.getByRole('heading', { name: 'What you agree to' })).toBeVisible();
  await expect(visit.state).toHaveCount(0);
  await expect(row).toHaveCount(0);
  expect(await visit.page.evaluate(() => localStorage.length)).toBe(0);
  await visit.page.reload();
  await expect(visit.button('Accept and join')).toBeVisible();
  await visit.accept();
});

test.describe('when there is no way in', () => {
  test('the page says that it still looks, then that nobody answers; it joins when somebody does', async ({
    arrive,
    sea,
    start,
  }) => {
    const gone = await start.server();
    const { port } = new URL(gone.ready.url!);
    await gone.stop();
    const visit = await arrive({
      url: withBootstrap(sea, gone.ready.ws!),
      prepare: context => context.clock.install(),
      expected: /WebSocket connection to .+ failed|ERR_CONNECTION_REFUSED/,
    });
    await visit.button('Accept and join').click();
    await expect(visit.state).toHaveText('Joining');
    await expect(visit.page.getByText('Still looking for a way into the sea.')).toBeVisible();
    await visit.button('Stop trying').click();
    await expect(visit.state).toHaveText('Offline');
    await expect(visit.alert).toHaveCount(0);

    await visit.button('Join the sea').click();
    await expect(visit.state).toHaveText('Joining');
    await visit.context.clock.fastForward('01:10'); // the sea tries for a minute
    await expect(visit.state).toHaveText('Offline');
    await expect(visit.alert).toHaveText(
      /No first peer could be reached.+Check that the bootstrap node runs.+NO_BOOTSTRAP/,
    );

    await start.server('--port', port);
    await visit.button('Try again').click();
    await expect(visit.state).toHaveText('Online');
    await expect(visit.alert).toHaveCount(0);
  });

  test('a sea that is lost is said to be, and found again by itself', async ({ arrive, start }) => {
    const server = await start.server();
    // A server that goes refuses newcomers, or cuts them off in mid-handshake; what the page loads later it asks for again.
    const visit = await arrive({
      url: server.ready.url!,
      expected: /WebSocket connection to .+ failed|ERR_CONNECTION_REFUSED/,
    });
    await visit.accept();
    await server.stop();
    await expect(visit.state).toHaveText('Offline');
    await expect(visit.alert).toContainText('The connection to the sea was lost.');
    await expect(visit.button('Start job')).toBeDisabled();
    await start.server('--port', new URL(server.ready.url!).port);
    await expect(visit.state).toHaveText('Online', { timeout: 60_000 });
    await expect(visit.alert).toHaveCount(0);
  });

  test('a bootstrap address that is none is named', async ({ arrive, sea }) => {
    const visit = await arrive({ url: withBootstrap(sea, 'https://sea.example/') });
    await visit.button('Accept and join').click();
    await expect(visit.alert).toContainText('“https://sea.example/” is not a websocket address.');
    await expect(visit.alert).toContainText('BAD_BOOTSTRAP');
    await expect(visit.state).toHaveText('Offline');
  });
});

function withBootstrap({ url }: ServedSea, bootstrap: string): string {
  return `${url}?bootstrap=${encodeURIComponent(bootstrap)}`;
}

test.describe('a browser that cannot take part is told why', () => {
  test('over plain http', async ({ arrive, sea }) => {
    const visit = await arrive({
      url: 'http://sea.example/',
      prepare: context =>
        context.route('http://sea.example/**', async route => {
          const url = new URL(new URL(route.request().url()).pathname, sea.url).href;
          await route.fulfill({ response: await route.fetch({ url }) });
        }),
    });
    await expect(visit.page.getByRole('heading', { level: 1 })).toHaveText('Not over plain http');
    await expect(visit.alert).toContainText('only over https or on localhost');
    await expect(visit.page.getByRole('link', { name: 'https://sea.example/' })).toBeVisible();
    await expect(visit.page.getByRole('link', { name: 'http://localhost/' })).toBeVisible();
    await expect(visit.page.getByRole('button')).toHaveCount(0);
  });

  test('without WebRTC and without workers', async ({ arrive }) => {
    const visit = await arrive({
      prepare: context =>
        context.addInitScript(() => {
          Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
          Reflect.deleteProperty(globalThis, 'Worker');
        }),
    });
    await expect(visit.alert).toHaveText([/has no WebRTC/, /does not run WebAssembly in workers/]);
  });

  test('without scripts', async ({ arrive }) => {
    const visit = await arrive({ javaScriptEnabled: false });
    await expect(visit.page.locator('noscript main')).toBeVisible();
    await expect(visit.page.locator('noscript main')).toContainText('allow JavaScript for this page');
  });
});
