/**
 * The built page for everybody: by keyboard alone, by ear, on small and large screens, by day and by night, without
 * motion.
 */

import { expect, type Locator, type Page } from '@playwright/test';
import { listen, overflow } from '../support/accessibility.ts';
import { expectAccessible, expectFocusSeen } from '../support/accessible.ts';
import { test } from '../support/page-test.ts';
import { testPicture } from '../support/test-picture.ts';
import { desk, phone } from '../support/visit.ts';

const tinyFile = { name: 'tiny.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') } as const;

test('every state of the page is named, ordered, legible and fits', async ({ arrive }) => {
  const visit = await arrive();
  const { page } = visit;
  await expectAccessible(visit);
  await visit.accept();
  await expect(page.getByRole('table', { name: 'Linked peers' })).toBeVisible();
  await expectAccessible(visit);

  const longName = `${'a-very-long-name-without-a-break-'.repeat(4)}.png`;
  const input = page.getByLabel('Choose a picture');
  await input.setInputFiles({ name: longName, mimeType: 'image/png', buffer: testPicture(300, 200).png });
  await expect(page.getByText(`${longName} 300 × 200`)).toBeVisible();
  await visit.start();
  await visit.expectJob('done');
  await expectAccessible(visit);

  await input.setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(visit.alert).toBeVisible();
  await expectAccessible(visit);

  await visit.choose('Collatz');
  await page.getByLabel('First number').fill('9'.repeat(150));
  await page.getByLabel('How many numbers').selectOption('1,000,000');
  await visit.start();
  await visit.expectJob('done');
  await expectAccessible(visit);

  await visit.startEndlessSearch();
  await visit.expectParts(2);
  await expectAccessible(visit);
  await visit.button('Cancel job').click();

  await visit.button('Leave the sea').click();
  await expectAccessible(visit);
});

test('the chat and the calls are named, ordered, legible and fit in every state', async ({ arrive }) => {
  const [visit, other] = [await arrive(), await arrive()];
  const { page } = visit;
  for (const { page: each } of [visit, other]) await each.goto(`${each.url()}#chat`);
  await other.acceptWithoutLending();
  await visit.acceptWithoutLending();
  await expect(page.getByTestId('chat-members')).toHaveText('1 other here');
  await expectAccessible(visit);
  await expectFocusSeen(visit, 16);

  await page.getByLabel('Your name').fill('A name as long as one may be, and');
  await page.getByLabel('Message to harbour').fill(`${'word '.repeat(30)}${'w'.repeat(800)}`);
  await page.getByLabel('Message to harbour').press('Enter');
  await page.getByLabel('Message to harbour').fill('w'.repeat(1_234));
  await expect(page.getByText('A message has at most 1,000 characters: 234 are too many.')).toBeVisible();
  await expect(visit.button('Send')).toBeDisabled();
  await expect(other.page.locator('.chat-words')).toHaveCount(1);
  await page.getByLabel('Another channel').fill('--');
  await page.getByLabel('Another channel').press('Enter');
  await expect(visit.alert).toContainText('BAD_CHANNEL');
  await visit.unfold('Calls');
  await page.getByLabel('Call an address').fill('nobody');
  await visit.button('Call').click();
  await expectAccessible(visit);

  await other.page.locator('.chat-member').click();
  await other.page.getByLabel('Private message').fill('between us');
  await other.page.getByLabel('Private message').press('Enter');
  const longName = `${'a-very-long-name-without-a-break-'.repeat(4)}.bin`;
  await other.page
    .getByLabel('Send a file')
    .setInputFiles({ name: longName, mimeType: 'x/y', buffer: Buffer.alloc(1_000) });
  await expect(page.getByRole('link', { name: 'Chat 2 unread' })).toBeVisible();
  await expectAccessible(visit);
  await page.locator('.chat-lists a').last().click();
  await visit.button('Random point').click();
  await visit.button('Call').click();
  await expect(page.getByRole('status', { name: 'Call', exact: true })).toContainText('answered');
  await expectAccessible(visit);
  await expectFocusSeen(visit, 16);
  await visit.takeDownload(() => page.getByRole('button', { name: /^Accept / }).click());
  await other.button('End the talk').click();
  await expect(page.getByRole('status', { name: 'Talk' })).toHaveText('The other side has ended the talk.');
  await expectAccessible(visit);
  await page.goto(`${page.url().replace(/#.*/, '')}#chat/@${'ab'.repeat(32)}`);
  await expect(visit.button('Begin to talk')).toBeVisible();
  await expectAccessible(visit);
});

test('a talk by keyboard alone: from the channel to a private word and back', async ({ arrive }) => {
  const [visit, other] = [await arrive(), await arrive()];
  const { page } = visit;
  for (const { page: each } of [visit, other]) await each.goto(`${each.url()}#chat`);
  await other.acceptWithoutLending();
  await visit.acceptWithoutLending();
  await expect(page.getByTestId('chat-members')).toHaveText('1 other here');
  await reach(page, page.getByLabel('Message to harbour'));
  await page.keyboard.type('by hand');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Message to harbour')).toBeFocused();
  await expect(page.getByLabel('Message to harbour')).toHaveValue('');
  await reach(page, page.locator('.chat-member'));
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Private message')).toBeFocused();
  await page.keyboard.type('only for you');
  await page.keyboard.press('Enter');
  await expect(page.getByText('arrived', { exact: true })).toBeVisible();
  await expect(other.page.getByRole('link', { name: 'Chat 1 unread' })).toBeVisible();
});

test('who listens hears a line as it is and a flood as a number', async ({ arrive }) => {
  const [visit, other] = [await arrive(), await arrive()];
  for (const { page: each } of [visit, other]) await each.goto(`${each.url()}#chat`);
  await other.acceptWithoutLending();
  await visit.acceptWithoutLending();
  await expect(other.page.getByTestId('chat-members')).toHaveText('1 other here');
  const heard = await listen(visit.page);
  const say = async (text: string): Promise<void> => {
    await other.page.getByLabel('Message to harbour').fill(text);
    await other.page.getByLabel('Message to harbour').press('Enter');
  };
  await say('good morning');
  await expect.poll(async () => (await heard()).at(-1)).toMatch(/^.{9}: good morning$/);
  const before = (await heard()).length;
  for (let i = 0; i < 20; i++) await say(`line ${i}`);
  await expect(visit.page.locator('.chat-words')).toHaveCount(21);
  await expect.poll(async () => (await heard()).at(-1)).toMatch(/ in harbour$|line 19$/);
  expect((await heard()).length - before).toBeLessThanOrEqual(5);
});

test('every state of the files is named, ordered, legible and fits', async ({ arrive }) => {
  const visit = await arrive();
  const { page } = visit;
  await visit.accept();
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await expect(page.getByTestId('safety')).toBeVisible();
  await expectAccessible(visit);

  const input = page.getByLabel('Choose files');
  const longName = `${'a-very-long-name-without-a-break-'.repeat(4)}.txt`;
  await input.setInputFiles({ name: longName, mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await expect(page.getByRole('list', { name: 'Pieces by device' })).toBeVisible();
  await visit.button('QR code').click();
  await visit.button('Delete …').click();
  await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible();
  await expectAccessible(visit);
  const link = await page.getByLabel('Link that reads it').inputValue();
  await visit.button('Check its pieces').click();
  await expect(page.getByTestId('look')).toBeVisible();
  await expectAccessible(visit);

  await page.goto(link);
  await expect(page.getByTestId('shared-file')).toHaveAttribute('data-state', 'open');
  await expectAccessible(visit);
  await page.getByLabel('Were you given a link?').fill(link.slice(0, -5));
  await visit.button('Open').click();
  await expect(visit.alert).toBeVisible();
  await expectAccessible(visit);

  await visit.dropFile('large.bin', 400_000_000);
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expectAccessible(visit);
  await visit.button('Leave the sea').click();
  await expect(visit.state).toHaveText('Offline');
  await expectAccessible(visit);
});

test('what cannot take part is told in an accessible page too', async ({ arrive }) => {
  const visit = await arrive({
    prepare: context => context.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection')),
  });
  await expect(visit.alert).toBeVisible();
  await expectAccessible(visit);
});

for (const [name, viewport] of Object.entries({ phone, desk })) {
  test(`the focus is always to be seen, on a ${name}`, async ({ arrive }) => {
    const visit = await arrive({ viewport });
    await expectFocusSeen(visit, 3);
    await visit.accept();
    await expectFocusSeen(visit, 10);
    await visit.choose('Mandelbrot');
    await visit.start();
    await visit.expectJob('done');
    await expect(visit.button('Start job')).toBeFocused();
    await expectFocusSeen(visit, 10);
    await visit.page.getByRole('link', { name: 'Files', exact: true }).click();
    await visit.page.getByLabel('Choose files').setInputFiles(tinyFile);
    await expect(visit.button('Download')).toBeVisible();
    await expectFocusSeen(visit, 15);
  });
}

test('the whole picture job by keyboard alone', async ({ arrive }) => {
  const visit = await arrive();
  const { page } = visit;
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Tab');
  await reach(page, visit.button('Accept and join'));
  await page.keyboard.press('Enter');
  await expect(visit.state).toHaveText('Online');

  await reach(page, page.getByRole('radio', { name: 'Picture' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Mandelbrot' })).toBeFocused();
  await expect(page.getByLabel('Place')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await reach(page, page.getByLabel('Choose a picture'));
  await page.keyboard.press('Enter');
  await (await chooser).setFiles([]);
  await reach(page, page.getByLabel('Output size'));
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('Output size')).toHaveValue('0.25');
  await reach(page, page.getByRole('slider', { name: 'Blur' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('slider', { name: 'Blur' })).toHaveValue('13');
  await reach(page, page.getByRole('radio', { name: 'One' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Two' })).toBeChecked();
  const local = page.getByRole('checkbox', { name: 'This device’s lent cores may compute parts too' });
  await reach(page, local);
  await page.keyboard.press('Space');
  await expect(local).not.toBeChecked();
  await reach(page, visit.button('Start job'));
  await page.keyboard.press('Enter');

  await visit.expectJob('done');
  await expect(visit.button('Start job')).toBeFocused(); // back from Cancel, which is gone
  await reach(page, page.getByRole('checkbox', { name: 'Show who computed what' }));
  await page.keyboard.press('Space');
  await reach(page, visit.button('Download PNG'));
  const saved = await visit.takeDownload(() => page.keyboard.press('Enter'));
  expect(saved.bytes.subarray(1, 4).toString()).toBe('PNG');
});

test('on a phone the page after consent begins at its top, and the keyboard with it', async ({ arrive }) => {
  const visit = await arrive({ viewport: phone });
  await visit.accept();
  expect(await visit.page.evaluate(() => scrollY)).toBe(0);
  await expect(visit.page.getByRole('main')).toBeFocused();
  await visit.withdraw();
  expect(await visit.page.evaluate(() => scrollY)).toBe(0);
  await expect(visit.page.getByRole('main')).toBeFocused();
});

test('on a phone what one lends and the sea are one press away, from every section', async ({ arrive }) => {
  const visit = await arrive({ viewport: phone });
  const { page } = visit;
  await visit.acceptWithoutLending();
  const bar = page.getByRole('navigation', { name: 'Sections' });
  for (const section of ['Jobs', 'Wallet']) {
    await bar.getByRole('link', { name: section }).click();
    for (const panel of ['Contribute', 'Sea']) {
      await page.evaluate(() => scrollTo(0, 0));
      await bar.getByRole('button', { name: panel, exact: true }).click();
      const heading = page.getByRole('heading', { name: panel, exact: true });
      await expect(heading).toBeFocused();
      await expect(heading).toBeInViewport();
    }
  }
  await page.setViewportSize(desk);
  await expect(bar.getByRole('button')).toHaveCount(0);
});

test('on the narrowest phones nothing is cut off, with all that folds unfolded', async ({ arrive }) => {
  const visit = await arrive({ viewport: phone });
  const { page } = visit;
  await visit.accept();
  await expect(page.getByRole('slider', { name: 'Cores to lend' })).toBeHidden();
  for (const name of ['Contribute', 'Sea']) await visit.button(`Show ${name}`).click();
  for (const title of ['Computing', 'Storage', 'Calls']) await visit.unfold(title);
  await expect(page.getByRole('table', { name: 'Linked peers' }).locator('tbody tr')).toHaveCount(3);
  for (const width of [320, 360, 390]) {
    await page.setViewportSize({ width, height: 740 });
    expect(await overflow(page), `at ${width} px`).toEqual([]);
    expect(await cutOff(page, '.sections, .task-option, .segment span, .table-frame'), `at ${width} px`).toEqual([]);
  }
  await visit.button('Hide Sea').click();
  await expect(page.getByRole('table', { name: 'Linked peers' })).toBeHidden();
});

/** Those with more in them than is seen. */
function cutOff(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll(all =>
      all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent.slice(0, 40)),
    );
}

test('withdrawing the consent is asked about first: Escape keeps it, and the keyboard goes on where it was', async ({
  arrive,
}) => {
  const visit = await arrive();
  const { page } = visit;
  await visit.accept();
  const withdraw = visit.button('Withdraw consent …');
  await withdraw.press('Enter');
  const question = page.getByRole('dialog', { name: 'Withdraw your consent?' });
  await expect(question).toContainText('The list of your files, your address, your keys, vouchers and receipts stay');
  await expect(visit.button('Stay')).toBeFocused();
  await expectAccessible(visit);
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect(withdraw).toBeFocused();
  await expect(visit.state).toHaveText('Online');
});

test('who leaves the sea by keyboard can join again at once', async ({ arrive }) => {
  const visit = await arrive();
  await visit.accept();
  await visit.button('Leave the sea').press('Enter');
  await expect(visit.state).toHaveText('Offline');
  await expect(visit.button('Join the sea')).toBeFocused();
  await expect(visit.page.getByText('no room lent, nothing kept')).toBeVisible();
  await visit.page.keyboard.press('Enter');
  await expect(visit.state).toHaveText('Online');
  await expect(visit.page.getByText('no room lent, nothing kept')).toHaveCount(0);
});

test('a job is started and cancelled without leaving the keyboard', async ({ arrive }) => {
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await visit.choose('Hash search');
  await visit.page.getByRole('slider', { name: 'Leading zero bits' }).fill('34');
  await reach(visit.page, visit.button('Start job'));
  await visit.page.keyboard.press('Enter');
  await expect(visit.button('Cancel job')).toBeFocused();
  await visit.page.keyboard.press('Space');
  await visit.expectJob('cancelled');
  await expect(visit.button('Start job')).toBeFocused();
});

/** Presses Tab until the control has the focus; a few presses must do. */
async function reach(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 12; presses++) {
    if (await control.evaluate(element => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(control).toBeFocused({ timeout: 1 });
}

test('who listens hears states, progress and errors, and is not talked to death', async ({ arrive }) => {
  const visit = await arrive();
  const heard = await listen(visit.page);
  await visit.acceptWithoutLending();
  expect(await heard()).toContain('Online');
  await visit.page.getByLabel('Choose a picture').setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('no picture'),
  });
  await expect(visit.alert).toBeVisible();
  expect((await heard()).at(-1)).toMatch(/^This file is not a picture.+PICTURE_UNREADABLE$/);
  const before = (await heard()).length;
  await visit.start();
  await visit.expectJob('done');
  await expect.poll(heard).toContain('Job done.');
  const ofJob = (await heard()).slice(before);
  expect(ofJob[0]).toBe('Job running.');
  expect(ofJob.length).toBeLessThanOrEqual(8);
  await visit.button('Leave the sea').click();
  await expect.poll(heard).toContain('Offline');
});

test('who listens hears that a file is stored and read, and nothing of each piece', async ({ arrive }) => {
  const visit = await arrive();
  const { page } = visit;
  await visit.acceptWithoutLending();
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await expect(page.getByTestId('safety')).toBeVisible();
  const heard = await listen(page);
  await visit.dropFile('tiny.txt', 20_000_000);
  await expect(visit.button('Download')).toBeVisible();
  await expect.poll(heard).toContain('tiny.txt is stored.');
  await visit.save('Download');
  await expect.poll(heard).toContain('Read, checked and opened: it is in your downloads.');
  expect((await heard()).length).toBeLessThanOrEqual(6);
});

test('nothing moves for who asked for stillness', async ({ arrive }) => {
  const visit = await arrive();
  const { page } = visit;
  await visit.acceptWithoutLending();
  await visit.choose('Hash search');
  await page.getByRole('slider', { name: 'Leading zero bits' }).fill('34');
  await visit.start();
  await visit.expectParts(1);
  expect(await animations(page)).toContain('drift');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await animations(page)).toEqual([]);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await visit.button('Cancel job').click();
  await visit.expectJob('cancelled');
  await expect.poll(() => animations(page)).toEqual([]); // what has ended does not move either
});

/** Names of the animations that run in the page. */
function animations(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .map(animation => (animation instanceof CSSAnimation ? animation.animationName : 'transition')),
  );
}
