/**
 * The built page's chat and sea between real pages: a channel, a private talk with files, direct and through the sea, and
 * the ways of calls on the ring.
 */

import { truncate, writeFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { test } from '../support/page-test.ts';
import type { Visit } from '../support/visit.ts';

/** Bytes in which no stretch is like another. */
function fileBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** ICE finds no way: only candidates of a TURN server count, and there is none. */
const noDirectWay = (): void => {
  const Native = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(options?: RTCConfiguration) {
      super({ ...options, iceTransportPolicy: 'relay' });
    }
  };
};

async function openChat(visit: Visit): Promise<void> {
  await visit.page.getByRole('link', { name: /^Chat/ }).click();
  await expect(visit.page.getByRole('heading', { name: '# harbour' })).toBeVisible();
}

async function takeName({ page }: Visit, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your name').press('Enter');
}

async function say({ page }: Visit, text: string, field = 'Message to harbour'): Promise<void> {
  await page.getByLabel(field).fill(text);
  await page.getByLabel(field).press('Enter');
}

function log({ page }: Visit, channel = 'harbour'): Locator {
  return page.getByRole('log', { name: `Messages in ${channel}` });
}

/** Begins a private talk with somebody in the channel. */
async function talkTo({ page }: Visit, other: Visit): Promise<void> {
  await page.locator(`.chat-member[data-peer="${await other.address()}"]`).click();
}

function talkState({ page }: Visit): Locator {
  return page.getByRole('status', { name: 'Talk' });
}

function file({ page }: Visit, name: string): Locator {
  return page.locator(`.chat-file[data-file="${name}"]`);
}

async function offer({ page }: Visit, name: string, buffer: Buffer): Promise<void> {
  await page.getByLabel('Send a file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

test('a channel: everybody hears what one says, once, as text and by name', async ({ arrive }) => {
  const [ada, bo, cy] = [await arrive(), await arrive(), await arrive()];
  for (const visit of [ada, bo, cy]) {
    await visit.acceptWithoutLending();
    await openChat(visit);
  }
  for (const { page } of [ada, bo, cy]) await expect(page.getByTestId('chat-members')).toHaveText('2 others here');
  await takeName(ada, 'Ada');
  const name = bo.page.locator(`.chat-member[data-peer="${await ada.address()}"] .chat-name`);
  await expect(name).toHaveText('Ada');

  await say(ada, '<img src=x onerror="throw 1"> <b>hello</b>');
  await expect(log(ada).getByText('sent')).toBeVisible();
  for (const visit of [bo, cy]) {
    await expect(log(visit).locator('.chat-words')).toHaveText(['<img src=x onerror="throw 1"> <b>hello</b>']);
    await expect(log(visit).locator('.chat-name')).toHaveText(['Ada']);
  }
  expect(await bo.page.locator('.chat-log :is(img, b)').count()).toBe(0);

  await cy.page.getByRole('link', { name: 'Jobs' }).click();
  await say(bo, 'are you there?');
  await say(bo, 'well?');
  await expect(cy.page.getByRole('link', { name: 'Chat 2 unread' })).toBeVisible();
  await openChat(cy);
  await expect(cy.page.getByRole('link', { name: 'Chat', exact: true })).toBeVisible();
  await expect(log(cy).locator('.chat-words')).toHaveCount(3);
});

test('a channel of one’s own: opened by name, found by its link, there again at the next visit', async ({ arrive }) => {
  const ada = await arrive();
  await ada.acceptWithoutLending();
  await openChat(ada);
  const field = ada.page.getByLabel('Another channel');
  await field.fill('!!');
  await ada.page.getByRole('button', { name: 'Open' }).click();
  await expect(ada.alert).toContainText('BAD_CHANNEL');
  await field.fill('Tea Room');
  await field.press('Enter');
  await expect(ada.page.getByRole('heading', { name: '# tea-room' })).toBeVisible();
  const link = await ada.page.getByLabel('Link to this channel').inputValue();
  expect(link).toMatch(/#chat\/tea-room$/);
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.page.getByRole('button', { name: 'Copy the link to tea-room' }).click();
  await expect(ada.page.getByRole('status', { name: 'Link' })).toHaveText('Copied.');
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  const bo = await arrive({ url: link });
  await bo.acceptWithoutLending();
  await expect(bo.page.getByTestId('chat-members')).toHaveText('1 other here');
  await say(bo, 'the kettle is on', 'Message to tea-room');
  await expect(log(ada, 'tea-room')).toContainText('the kettle is on');
  await bo.page.goto(link.replace(/#.*/, '#chat'));
  await bo.page.reload();
  await expect(bo.page.getByRole('link', { name: '# tea-room' })).toBeVisible();
  await bo.page.getByRole('link', { name: '# tea-room' }).click();
  await bo.page.getByRole('button', { name: 'Leave the channel tea-room' }).click();
  await expect(bo.page.getByRole('heading', { name: '# harbour' })).toBeVisible();
  await expect(bo.page.getByRole('link', { name: '# tea-room' })).toHaveCount(0);
});

test('with the consent goes all of the chat; with a new one it begins anew', async ({ arrive }) => {
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await openChat(visit);
  await takeName(visit, 'Ada');
  await say(visit, 'is anybody there?');
  await expect(visit.page.getByText('nobody is here yet: it waits a minute for somebody')).toBeVisible();
  await visit.withdraw();
  expect(await visit.page.evaluate(() => localStorage.getItem('peersea.chat'))).toBeNull();
  await visit.acceptWithoutLending();
  await expect(visit.page.getByRole('heading', { name: '# harbour' })).toBeVisible();
  await expect(visit.page.getByLabel('Your name')).toHaveValue('');
  await expect(log(visit).locator('.chat-words')).toHaveCount(0);
});

test('two in private: direct, a file of 5 MB arrives byte for byte, another is declined, a third cancelled', async ({
  arrive,
}) => {
  const [ada, bo] = [await arrive(), await arrive()];
  for (const visit of [ada, bo]) {
    await visit.acceptWithoutLending();
    await openChat(visit);
  }
  await takeName(ada, 'Ada');
  await expect(ada.page.getByTestId('chat-members')).toHaveText('1 other here');
  await talkTo(ada, bo);
  await expect(talkState(ada)).toHaveText('Direct, by WebRTC');
  await say(ada, 'just for you', 'Private message');
  await expect(ada.page.getByText('arrived', { exact: true })).toBeVisible();
  await expect(bo.page.getByRole('link', { name: 'Chat 1 unread' })).toBeVisible();
  await bo.page.getByRole('link', { name: /^Ada/ }).click();
  await expect(bo.page.getByRole('log', { name: 'Messages in private' })).toContainText('just for you');
  await expect(talkState(bo)).toHaveText('Direct, by WebRTC');

  const bytes = fileBytes(5_000_000);
  await offer(ada, 'dawn.png', bytes);
  await offer(ada, 'not wanted.txt', Buffer.from('no'));
  await expect(file(bo, 'dawn.png')).toContainText('5 MB');
  await expect(file(bo, 'dawn.png')).toContainText('Nothing of it has come yet.');
  const saved = await bo.takeDownload(() => bo.button('Accept dawn.png').click());
  expect(saved.name).toBe('dawn.png');
  expect(saved.bytes.equals(bytes)).toBe(true);
  await expect(file(ada, 'dawn.png')).toHaveAttribute('data-state', 'done');
  await bo.button('Decline not wanted.txt').click();
  await expect(file(ada, 'not wanted.txt')).toContainText('Declined.');

  const endless = test.info().outputPath('endless.bin');
  await writeFile(endless, '');
  await truncate(endless, 900_000_000);
  await bo.page.getByLabel('Send a file').setInputFiles(endless);
  await ada.button('Accept endless.bin').click();
  const bar = ada.page.getByRole('progressbar', { name: 'endless.bin' });
  await expect(bar).toHaveAttribute('aria-valuenow', /^[1-9]/);
  await ada.button('Cancel endless.bin').click();
  await expect(file(ada, 'endless.bin')).toContainText('Cancelled.');
  await expect(file(bo, 'endless.bin')).toContainText('The other side has cancelled.');

  await bo.button('End the talk').click();
  await expect(talkState(ada)).toHaveText('The other side has ended the talk.');
  await expect(ada.page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
  await ada.button('Connect again').click();
  await expect(talkState(bo)).toHaveText('Direct, by WebRTC');

  await bo.page.goto('about:blank');
  await expect(talkState(ada)).toHaveText('The other side has ended the talk.');
  await bo.page.goBack();
  await bo.button('Begin to talk').click(); // the page's address still names the talk
  await say(bo, 'back again', 'Private message');
  await expect(ada.page.getByRole('log', { name: 'Messages in private' })).toContainText('back again');
  await expect(talkState(ada)).toHaveText('Direct, by WebRTC');
});

test('where no direct way is the talk goes through the sea, says so, and the ring shows over whom', async ({
  arrive,
}) => {
  const blocked = { prepare: (context: Visit['context']) => context.addInitScript(noDirectWay) };
  const [ada, bo] = [await arrive(blocked), await arrive(blocked)];
  for (const visit of [ada, bo]) {
    await visit.acceptWithoutLending();
    await openChat(visit);
  }
  await expect(ada.page.getByTestId('chat-members')).toHaveText('1 other here');
  await talkTo(ada, bo);
  await ada.unfold('Calls');
  await expect(talkState(ada)).toHaveText(/^Relayed by the sea over .{4}….{4}, end-to-end encrypted$/);
  const lines = ada.page.getByRole('list', { name: 'Last calls' }).getByRole('listitem');
  await expect(lines.filter({ hasText: /^talk/ }).first()).toContainText('2 hops');
  await bo.page.getByRole('link', { name: new RegExp((await ada.address()).slice(0, 4)) }).click();
  const bytes = fileBytes(300_000);
  await offer(ada, 'small.bin', bytes);
  const saved = await bo.takeDownload(() => bo.button('Accept small.bin').click());
  expect(saved.bytes.equals(bytes)).toBe(true);

  await callAddress(ada.page, await bo.address());
  await expect(ada.page.locator(`.route[data-target="${await bo.address()}"]`)).toHaveAttribute('data-hops', '1');
  await expect(ada.page.getByRole('status', { name: 'Call', exact: true })).toHaveText(
    /^Answered: to .{9} over .{9}: 2 hops, [\d.]+ m?s$/,
  );
});

test('a call by hand lights its way for a moment, to an address and to whoever is nearest to a point', async ({
  arrive,
  sea,
}) => {
  const visit = await arrive();
  const { page } = visit;
  await visit.acceptWithoutLending();
  const answer = page.getByRole('status', { name: 'Call', exact: true });
  await visit.unfold('Calls');
  await callAddress(page, sea.contributors[0]!);
  const route = page.locator(`.route[data-target="${sea.contributors[0]}"]`);
  await expect(route).toBeVisible();
  await expect(answer).toHaveText(/^Answered: to .{9}: 1 hop, /);
  await expect(route).toHaveCount(0);
  const lines = page.getByRole('list', { name: 'Last calls' }).getByRole('listitem');
  await expect(lines.first()).toHaveText(/^call.*to .{9}: 1 hop, /);

  await visit.button('Random point').click();
  await expect(page.getByLabel('Call an address', { exact: true })).toHaveValue(/^[0-9a-f]{64}$/);
  await visit.button('Call').click();
  await expect(page.locator('.route-asked')).toBeVisible();
  await expect(answer).toHaveText(/^The nearest answered: to .{9}/);
  await callAddress(page, 'nobody');
  await expect(visit.alert).toContainText('BAD_ADDRESS');
});

async function callAddress(page: Page, address: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Call an address' }).fill(address);
  await page.getByRole('button', { name: 'Call', exact: true }).click();
}
