import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { linkFactoryAcceptance } from '../../ports/acceptance/link-factory.ts';
import { timersClock } from '../../ports/acceptance/timers-clock.ts';
import { browserLinks } from './browser-link-factory.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

linkFactoryAcceptance('browserLinks, between tabs', ['dial'], () => {
  const options = { clock: timersClock(10), random, iceServers: [], tabName: randomUUID() };
  const [here, there] = [browserLinks(options), browserLinks(options)];
  return {
    factory: here.factory,
    other: there.factory,
    listening: { url: 'tab:', deadUrl: 'ws://127.0.0.1:1/sea', listener: there.tabListener! },
  };
});

test('without WebRTC it says so, and an attempt fails in bounded time', async () => {
  const { factory } = browserLinks({ clock: timersClock(), random, iceServers: [], tabName: randomUUID() });
  expect(factory.negotiates).toBe(false);
  await expect(factory.negotiate('offer', () => {}).channel).rejects.toMatchObject({ code: 'DIAL_FAILED' });
});
