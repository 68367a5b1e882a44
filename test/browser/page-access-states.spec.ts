/** The states of the built page that a visitor meets when something is on its way, missing or over: for everybody too. */

import { expect } from '@playwright/test';
import { expectAccessible, expectFocusSeen } from '../support/accessible.ts';
import { test } from '../support/page-test.ts';
import type { Visit } from '../support/visit.ts';

const tinyFile = { name: 'tiny.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') } as const;

function show({ page }: Visit, section: 'Jobs' | 'Files' | 'Chat' | 'Wallet'): Promise<void> {
  return page
    .getByRole('navigation', { name: 'Sections' })
    .getByRole('link', { name: new RegExp(`^${section}`) })
    .click();
}

test('coming in, and finding no way', async ({ arrive, sea, start }) => {
  const gone = await start.server();
  await gone.stop();
  const url = new URL(sea.url);
  url.searchParams.set('bootstrap', gone.ready.ws!);
  const visit = await arrive({
    url: url.href,
    prepare: context => context.clock.install(),
    expected: /WebSocket connection to .+ failed|ERR_CONNECTION_REFUSED/,
  });
  await visit.button('Accept and join').click();
  await expect(visit.page.getByText('Still looking for a way into the sea.')).toBeVisible();
  await expectAccessible(visit);
  await visit.context.clock.fastForward('01:10'); // the sea tries for a minute
  await expect(visit.alert).toContainText('NO_BOOTSTRAP');
  await expectAccessible(visit);
  await expectFocusSeen(visit, 10);
  for (const section of ['Files', 'Chat', 'Wallet'] as const) {
    await show(visit, section);
    await expectAccessible(visit);
  }
});

test('a job that waits, then one that is cancelled, and the sea lost', async ({ arrive, start }) => {
  const server = await start.server();
  const visit = await arrive({ url: server.ready.url!, expected: /ERR_CONNECTION_REFUSED/ });
  await visit.acceptWithoutLending();
  await show(visit, 'Files');
  await expect(visit.page.getByTestId('devices')).toContainText('No device in the sea offers room now.');
  await visit.page.getByLabel('Choose files').setInputFiles(tinyFile);
  await expect(visit.alert).toContainText('NO_DEVICES');
  await expectAccessible(visit);
  await show(visit, 'Jobs');
  await visit.start();
  await expect(visit.page.locator('.note.waiting')).toContainText('Waiting for someone to compute');
  await expectAccessible(visit);
  await visit.button('Cancel job').click();
  await visit.expectJob('cancelled');
  await expectAccessible(visit);
  await visit.start();
  await server.kill();
  await expect(visit.page.getByText('The connection to the sea was lost.')).toBeVisible();
  await expect(visit.page.locator('.note.waiting')).toHaveText(/^Waiting to be online again\./);
  await expectAccessible(visit);
});

test('lending, and what is kept for others', async ({ arrive, start }) => {
  const server = await start.server();
  const lender = await arrive({ url: server.ready.url! });
  await lender.accept();
  const owner = await arrive({ url: server.ready.url! });
  await owner.acceptWithoutLending();
  await expectAccessible(owner); // who lends nothing reads that it is so
  await show(owner, 'Files');
  await owner.page.getByLabel('Choose files').setInputFiles(tinyFile);
  await expect(owner.page.getByTestId('kept-file')).toBeVisible();
  await expect(lender.page.getByTestId('storage-kept')).toContainText('sealed piece');
  await expectAccessible(lender);
  await lender.unfold('Storage');
  await lender.page.getByRole('slider', { name: 'Storage to lend' }).press('Home');
  await lender.button('Give up what is kept …').click();
  await expectAccessible(lender);
  await expectFocusSeen(lender, 12);

  await show(owner, 'Jobs');
  await owner.startEndlessSearch();
  await expect(lender.runningNow.getByRole('listitem')).toContainText('hash-search');
  await expectAccessible(lender);
  await owner.button('Cancel job').click();
  const second = await lender.secondTab();
  await expect(second.page.getByText('Another tab of this browser keeps the pieces of files.')).toBeVisible();
  await expectAccessible(second);
  await lender.button('Stop contributing').click();
  await expectAccessible(lender);
});

test('files that are sent, cancelled, and no more whole', async ({ arrive, start }) => {
  const server = await start.server();
  const contributors = await Promise.all([1, 2].map(() => start.contributor(server.ready.ws!)));
  const visit = await arrive({ url: server.ready.url! });
  await visit.acceptWithoutLending();
  await show(visit, 'Files');
  await expect(visit.page.getByTestId('devices')).toHaveText('2 devices offer room now.');
  await visit.dropFile('large.bin', 400_000_000);
  await expect(visit.page.getByRole('list', { name: 'Pieces by device' })).toBeVisible();
  await expectAccessible(visit);
  await visit.page.getByTestId('upload').getByRole('button', { name: 'Cancel' }).click();
  await expect(visit.page.getByTestId('upload')).toHaveAttribute('data-state', 'cancelled');
  await visit.page.getByLabel('Choose files').setInputFiles(tinyFile);
  await expect(visit.button('Check its pieces')).toBeVisible();
  await expectAccessible(visit);
  await contributors[0]!.kill();
  await visit.button('Check its pieces').click();
  await expect(visit.page.getByTestId('look')).toContainText('1 of 2 pieces are there.');
  await expectAccessible(visit);
  await contributors[1]!.kill();
  await visit.button('Download').click();
  await expect(visit.alert).toBeVisible();
  await expectAccessible(visit);
});

test('a talk that is sought, a file on its way, and what became of others', async ({ arrive }) => {
  const [ada, bo] = [await arrive(), await arrive()];
  for (const visit of [ada, bo]) {
    await visit.acceptWithoutLending();
    await show(visit, 'Chat');
  }
  await expect(ada.page.getByTestId('chat-members')).toHaveText('1 other here');
  await ada.page.locator('.chat-member').click();
  await expect(ada.page.getByTestId('talk-state')).toHaveAttribute('data-state', 'direct');
  await bo.page.locator('.chat-lists a').last().click();
  const offer = ({ page }: Visit, name: string, length: number): Promise<void> =>
    page.getByLabel('Send a file').setInputFiles({ name, mimeType: 'x/y', buffer: Buffer.alloc(length) });
  await offer(ada, 'unwanted.bin', 1_000);
  await offer(ada, 'long.bin', 45_000_000);
  await expectAccessible(ada);
  await bo.button('Decline unwanted.bin').click();
  await bo.button('Accept long.bin').click();
  await expect(ada.page.getByText('Declined.')).toBeVisible();
  await expectAccessible(ada);
  await ada.page.goto(ada.page.url().replace(/#.*/, `#chat/@${'ab'.repeat(32)}`));
  await ada.button('Begin to talk').click();
  await expectAccessible(ada);
  await ada.button('Leave the sea').click();
  await expect(ada.state).toHaveText('Offline');
  await expect(ada.button('Send')).toBeDisabled();
  await expectAccessible(ada);
});
