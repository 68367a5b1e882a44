/**
 * The built page's files as visitors use them: stored at the devices of a sea, seen, checked, shared, read elsewhere,
 * deleted; and the room that a page lends.
 */

import { type BrowserContext, expect, type Locator } from '@playwright/test';
import { test } from '../support/page-test.ts';
import { phone, type Visit } from '../support/visit.ts';

const MB = 1_000_000;

/** Bytes that no compression makes smaller. */
function bytesOf(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, state = 1; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const film = { name: 'holiday film.mp4', mimeType: 'video/mp4', buffer: bytesOf(9 * MB) };
const note = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('hello sea') };

/** The files section of a visit. */
class FilesVisit {
  readonly visit: Visit;

  constructor(visit: Visit) {
    this.visit = visit;
  }

  get #page() {
    return this.visit.page;
  }

  async show(): Promise<void> {
    await this.#page.getByRole('link', { name: 'Files', exact: true }).click();
    await expect(this.#page.getByTestId('safety')).toBeVisible();
  }

  async choose(...files: (typeof film)[]): Promise<void> {
    await this.#page.getByLabel('Choose files').setInputFiles(files);
  }

  line(name: string): Locator {
    return this.#page.getByTestId('kept-file').filter({ hasText: name });
  }

  async store(...files: (typeof film)[]): Promise<void> {
    await this.choose(...files);
    for (const { name } of files) await expect(this.line(name)).toBeVisible({ timeout: 60_000 });
  }

  /** The rows of the picture of the open file. */
  get rows(): Locator {
    return this.#page.getByRole('list', { name: 'Pieces by device' }).getByRole('listitem');
  }

  async holders(): Promise<string[]> {
    return this.rows.evaluateAll(rows => rows.map(row => row.getAttribute('data-holder')!));
  }

  async link(): Promise<string> {
    return this.#page.getByLabel('Link that reads it').inputValue();
  }

  /** What the page has said last of the files. */
  get said(): Locator {
    return this.#page.getByRole('status', { name: 'Files' });
  }
}

async function come(arriving: Promise<Visit>): Promise<FilesVisit> {
  const visit = await arriving;
  await visit.acceptWithoutLending();
  const files = new FilesVisit(visit);
  await files.show();
  return files;
}

test('a file is stored, seen at its devices, and read by link on another device', async ({ arrive, sea }) => {
  const files = await come(arrive());
  const { page } = files.visit;
  await expect(page.getByTestId('devices')).toHaveText('2 devices offer room now.');
  await expect(page.getByTestId('safety')).toHaveText(
    'Survives the loss of any 1 of 2 devices. Takes 2 times its size.',
  );
  await files.store(film, note);
  await expect(files.said).toHaveText('note.txt is stored.');
  await page.getByRole('button', { name: film.name }).click();
  await expect(files.rows).toHaveCount(2);
  expect((await files.holders()).sort()).toEqual([...sea.contributors].sort());
  await expect(files.rows.first()).toContainText('linked');
  await expect(page.getByText('The file is cut into 3 segments; 2 devices have a sealed piece of each.')).toBeVisible();

  await page.getByRole('button', { name: 'QR code' }).click();
  await expect(page.getByRole('img', { name: `QR code of the link to ${film.name}` })).toBeVisible();
  const link = await files.link();
  await expect(files.visit.page.getByText('Works on this machine only.')).toBeVisible();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#files\/sea-read:[\w-]+$/);

  const other = await arrive({ url: link, viewport: phone });
  await expect(other.page.getByText('This link leads to a file.')).toBeVisible();
  await other.acceptWithoutLending();
  await expect(other.page.getByRole('heading', { name: film.name })).toBeVisible();
  const saved = await other.save('Download');
  expect(saved.name).toBe(film.name);
  expect(saved.bytes.equals(film.buffer)).toBe(true);
  await expect(other.page.locator('.verdict')).toHaveText('Read, checked and opened: it is in your downloads.');
  await other.button('Close').click();
  await expect(other.page.getByTestId('shared-file')).toHaveCount(0);
  expect(other.page.url()).toMatch(/#files$/);
});

test('the list outlives the visit; deleting takes the file from everybody', async ({ arrive }) => {
  const files = await come(arrive());
  const { page } = files.visit;
  await files.store(note);
  const link = await files.link();
  await page.reload();
  await expect(files.visit.state).toHaveText('Online');
  await page.getByRole('button', { name: note.name }).click();
  await expect(files.rows).toHaveCount(2);
  expect((await files.visit.save('Download')).bytes.toString()).toBe('hello sea');

  await files.visit.button('Delete …').click();
  await files.visit.button('Keep it').click();
  await files.visit.button('Delete …').click();
  await files.visit.button('Delete for everybody').click();
  await expect(files.said).toHaveText('note.txt is deleted: its 2 pieces and 2 copies of the list of pieces are gone.');
  await expect(files.line(note.name)).toHaveCount(0);
  await page.reload();
  await expect(files.visit.state).toHaveText('Online');
  await expect(page.getByText('Here you will see which device holds which piece.')).toBeVisible();

  await page.getByLabel('Were you given a link?').fill(link);
  await files.visit.button('Open').click();
  await expect(files.visit.alert).toHaveText(/Nobody in the sea has what was asked for.+NOT_FOUND/);
  await page.getByLabel('Were you given a link?').fill('no link at all');
  await files.visit.button('Open').click();
  await expect(files.visit.alert).toHaveText(/There is no link to a file in that.+NO_FILE_LINK/); // and no other beside it
});

test('a link that is none, or not whole, or of the wrong kind is told in words', async ({ arrive }) => {
  const files = await come(arrive());
  const { page } = files.visit;
  const field = page.getByLabel('Were you given a link?');
  await field.fill('https://sea.example/');
  await files.visit.button('Open').click();
  await expect(files.visit.alert).toHaveText(/There is no link to a file in that.+NO_FILE_LINK/);
  await files.store(note);
  await field.fill((await files.link()).slice(0, -7));
  await expect(files.visit.alert).toHaveCount(0);
  await files.visit.button('Open').click();
  await expect(files.visit.alert).toHaveText(/That is not a link to stored data.+BAD_LINK/);
});

test('checking shows who answers: a device that has gone is away, and the file is read without it', async ({
  arrive,
  start,
}) => {
  const server = await start.server();
  const contributors = await Promise.all([1, 2, 3].map(() => start.contributor(server.ready.ws!)));
  const files = await come(arrive({ url: server.ready.url! }));
  const { page } = files.visit;
  await expect(page.getByTestId('devices')).toHaveText('3 devices offer room now.');
  await page.getByRole('radio', { name: 'Lean' }).check();
  await expect(page.getByTestId('safety')).toContainText('Survives the loss of any 1 of 3 devices.');
  await files.store(film);
  await files.visit.button('Check its pieces').click();
  await expect(page.getByTestId('look')).toHaveText(
    '9 of 9 pieces are there. The file can be read, and one more device may be lost.',
  );
  await expect(files.rows).toContainText(['answers', 'answers', 'answers']);

  const [gone] = await files.holders();
  await contributors.find(({ ready }) => ready.address === gone)!.kill();
  await files.visit.button('Check its pieces').click();
  await expect(page.getByTestId('look')).toHaveText(
    '6 of 9 pieces are there. Enough to read the file, and none to spare.',
    { timeout: 60_000 },
  );
  await expect(files.rows).toContainText(['away', 'answers', 'answers']);
  expect((await files.visit.save('Download')).bytes.equals(film.buffer)).toBe(true);
});

test('what is sent can be cancelled, tried again and dismissed', async ({ arrive }) => {
  const files = await come(arrive());
  const { page } = files.visit;
  const upload = page.getByTestId('upload');
  await files.visit.dropFile('large.bin', 400 * MB);
  await expect(page.getByRole('progressbar', { name: 'Storing large.bin' })).toBeVisible();
  await upload.getByRole('button', { name: 'Cancel' }).click();
  await expect(upload).toHaveAttribute('data-state', 'cancelled');
  await upload.getByRole('button', { name: 'Try again' }).click();
  await expect(upload).toHaveAttribute('data-state', /asking|sending/);
  await upload.getByRole('button', { name: 'Cancel' }).click();
  await upload.getByRole('button', { name: 'Dismiss' }).click();
  await expect(upload).toHaveCount(0);
  await expect(page.getByTestId('kept-file')).toHaveCount(0);
});

test('files are dropped on the page; in another section a drop stores nothing', async ({ arrive }) => {
  const files = await come(arrive());
  const { page } = files.visit;
  await files.visit.dropFile('dropped.txt', 7);
  await expect(files.line('dropped.txt')).toBeVisible();
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await expect(files.visit.button('Start job')).toBeVisible();
  await files.visit.dropFile('dropped.txt', 7);
  await expect(files.visit.alert).toContainText('PICTURE_UNREADABLE'); // the job's form takes it for a picture
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await expect(page.getByTestId('kept-file')).toHaveCount(1);
});

test('the whole way by keyboard alone', async ({ arrive }) => {
  const files = await come(arrive());
  const { page } = files.visit;
  const reach = async (control: Locator): Promise<void> => {
    for (let presses = 0; presses < 40; presses++) {
      if (await control.evaluate(element => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    await expect(control).toBeFocused({ timeout: 1 });
  };
  const chooser = page.waitForEvent('filechooser');
  await reach(page.getByLabel('Choose files'));
  await page.keyboard.press('Enter');
  await (await chooser).setFiles([note]);
  await expect(files.line(note.name)).toBeVisible();
  await expect(files.rows).toHaveCount(2);
  await reach(files.visit.button('Download'));
  const saved = await files.visit.takeDownload(() => page.keyboard.press('Enter'));
  expect(saved.bytes.toString()).toBe('hello sea');
  await reach(files.visit.button('Delete …'));
  await page.keyboard.press('Enter');
  await reach(files.visit.button('Delete for everybody'));
  await page.keyboard.press('Enter');
  await expect(files.said).toContainText('note.txt is deleted');
});

test.describe('without room in the sea', () => {
  test('the page says so, and stores as soon as a page lends some', async ({ arrive, start }) => {
    const server = await start.server();
    const visit = await arrive({ url: server.ready.url! });
    await visit.acceptWithoutLending();
    const { page } = visit;
    await page.getByRole('link', { name: 'Files', exact: true }).click();
    await expect(page.getByTestId('devices')).toContainText('No device in the sea offers room now.');
    await page.getByLabel('Choose files').setInputFiles(note);
    await expect(visit.alert).toHaveText(/No device in the sea offers room for this file now.+NO_DEVICES/);

    const lender = await arrive({ url: server.ready.url!, prepare: roomy });
    await lender.accept();
    await expect(page.getByTestId('devices')).toContainText('Only one device offers room now.');
    await visit.button('Try again').click();
    await expect(page.getByTestId('kept-file')).toContainText(note.name);
    await expect(lender.page.getByTestId('storage-kept')).toHaveText(
      /^2 sealed pieces of other people’s files \(a list of pieces counts as one\), \d+ kB/,
    );
  });
});

/** A browser that tells of 40 GB of free room, whatever this one has. */
const roomy = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    if (navigator.storage === undefined) return; // a frame without an origin
    navigator.storage.estimate = async () => ({ quota: 40e9, usage: 0 });
  });

test.describe('the room that is lent', () => {
  test('is named before consent, kept with it, set by a slider, and given up on request', async ({ arrive, start }) => {
    const server = await start.server();
    const lender = await arrive({ url: server.ready.url!, prepare: roomy });
    const slider = lender.page.getByRole('slider', { name: 'Storage to lend' });
    await expect(slider).toHaveAttribute('aria-valuetext', '1 GB');
    await slider.press('ArrowLeft');
    await expect(slider).toHaveAttribute('aria-valuetext', '500 MB');
    await lender.accept();
    await lender.unfold('Storage');
    await expect(slider).toHaveAttribute('aria-valuetext', '500 MB');
    await expect.poll(() => quota(lender)).toBe(500 * MB);
    await slider.press('End');
    await expect(slider).toHaveAttribute('aria-valuetext', '20 GB');
    await expect.poll(() => quota(lender)).toBe(20_000 * MB);
    await lender.page.reload();
    await expect(lender.state).toHaveText('Online');
    await lender.unfold('Storage');
    await expect(slider).toHaveAttribute('aria-valuetext', '20 GB');
    await expect.poll(() => quota(lender)).toBe(20_000 * MB);

    const owner = await come(arrive({ url: server.ready.url! }));
    await owner.store(note);
    const kept = lender.page.getByTestId('storage-kept');
    await expect(kept).toContainText('2 sealed pieces');
    await lender.button('Stop contributing').click();
    expect(await quota(lender)).toBe(0);
    await expect(kept).toContainText('2 sealed pieces'); // what is leased stays to be read
    await slider.press('Home');
    await expect(slider).toHaveAttribute('aria-valuetext', 'none');
    await lender.button('Give up what is kept …').click();
    await lender.button('Give it up now').click();
    await expect(kept).toHaveText('Nothing is kept for others yet.');
    await owner.visit.button('Check its pieces').click();
    await expect(owner.visit.alert).toContainText('NOT_FOUND');
  });

  test('is kept by one tab of a browser; withdrawing consent clears it', async ({ arrive, start }) => {
    const server = await start.server();
    const first = await arrive({ url: server.ready.url!, prepare: roomy });
    await first.accept();
    const second = await first.secondTab();
    await expect(second.state).toHaveText('Online');
    await expect(second.page.getByText('Another tab of this browser keeps the pieces of files.')).toBeVisible();
    const owner = await come(arrive({ url: server.ready.url! }));
    await expect(owner.visit.page.getByTestId('devices')).toContainText('Only one device offers room now.');
    await owner.store(note);
    await expect(first.page.getByTestId('storage-kept')).toContainText('2 sealed pieces');
    expect(await shardsInBrowser(first)).toBe(2);
    await first.withdraw();
    await expect.poll(() => shardsInBrowser(first)).toBe(0);
  });

  test('is lent by a node too, as much as it is told', async ({ arrive, start }) => {
    const server = await start.server();
    await start.contributor(server.ready.ws!, '--storage', '1M');
    const files = await come(arrive({ url: server.ready.url! }));
    await files.choose(film);
    await expect(files.visit.alert).toContainText('NO_DEVICES');
    await files.store(note);
  });
});

function quota({ page }: Visit): Promise<number> {
  return page.evaluate(() => {
    const { peersea } = globalThis as unknown as {
      peersea: { sea: { storage: { status(): { quotaBytes: number } } } };
    };
    return peersea.sea.storage.status().quotaBytes;
  });
}

/** Shards in the page's database. */
function shardsInBrowser({ page }: Visit): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('peersea');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('shards').objectStore('shards').count();
          counting.onerror = () => reject(counting.error);
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
  );
}
