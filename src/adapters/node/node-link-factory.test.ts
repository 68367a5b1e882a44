import { expect, test } from 'vitest';
import { linkFactoryAcceptance, negotiatePair } from '../../ports/acceptance/link-factory.ts';
import { Recorder } from '../../ports/acceptance/recorder.ts';
import { timersClock } from '../../ports/acceptance/timers-clock.ts';
import { type Log, silentLog } from '../../ports/log.ts';
import { startBootstrapServer } from './bootstrap-server.ts';
import { nodeLinkFactory } from './node-link-factory.ts';

const clock = timersClock();
const missing = (): Promise<never> => Promise.reject(new Error('Cannot find package'));

linkFactoryAcceptance('nodeLinkFactory, by websocket', ['dial'], async () => {
  const factory = await nodeLinkFactory({ clock, log: silentLog, iceServers: [], loadWebRtc: missing });
  const server = await startBootstrapServer({ host: '127.0.0.1', port: 0, clock, log: silentLog, status: () => ({}) });
  return {
    factory,
    other: factory,
    listening: { url: server.wsUrl, deadUrl: 'ws://127.0.0.1:1/sea', listener: server.listener },
    close: () => server.close(),
  };
});

test('with the package for WebRTC two processes’ factories negotiate', async context => {
  const { default: wrtc } = await import('@roamhq/wrtc').catch(() => ({ default: undefined }));
  if (wrtc === undefined) context.skip('the optional package @roamhq/wrtc is not installed');
  const options = { clock, log: silentLog, iceServers: [] };
  const [factory, other] = [await nodeLinkFactory(options), await nodeLinkFactory(options)];
  expect(factory.negotiates).toBe(true);
  const [near, far] = await negotiatePair({ factory, other });
  expect(near.binding.length).toBe(64);
  const atFar = new Recorder();
  far.open(atFar);
  near.send(new Uint8Array([1, 2, 3]));
  await atFar.until(r => r.frames.length === 1);
  near.close();
  far.close();
});

test('without the package for WebRTC it says so, and an attempt fails in bounded time', async () => {
  const lines: string[] = [];
  const log: Log = { write: (level, message) => lines.push(`${level} ${message}`) };
  const factory = await nodeLinkFactory({ clock, log, iceServers: [], loadWebRtc: missing });
  expect(factory.negotiates).toBe(false);
  expect(lines).toEqual(['warn no WebRTC in this process: links are websockets only']);
  await expect(factory.negotiate('offer', () => {}).channel).rejects.toMatchObject({ code: 'DIAL_FAILED' });
});

test('other tabs are a page’s matter', async () => {
  const factory = await nodeLinkFactory({ clock, log: silentLog, iceServers: [], loadWebRtc: missing });
  await expect(factory.dial('tab:', new AbortController().signal)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
});
