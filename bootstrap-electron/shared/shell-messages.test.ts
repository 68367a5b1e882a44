import { expect, it } from 'vitest';
import { defaultSettings } from './settings.ts';
import { readNews, readOrder } from './shell-messages.ts';

const address = 'ab'.repeat(32);
const report = { address, links: 3, online: true };
const running = { state: 'running', wsUrls: ['ws://a/sea'], pageUrls: [], uptimeMs: 5 };

it('reads orders and drops what does not belong', () => {
  expect(readOrder({ kind: 'start', settings: { port: -1 } })).toEqual({ kind: 'start', settings: { port: -1 } });
  expect(readOrder({ kind: 'stop', more: 1 })).toEqual({ kind: 'stop' });
  expect(readOrder({ kind: 'listen', on: false, ask: 1 })).toEqual({ kind: 'listen', on: false, ask: 1 });
  expect(readOrder({ kind: 'report', report: { ...report, more: 1 } })).toEqual({ kind: 'report', report });
});

it.each([
  undefined,
  'stop',
  { kind: 'status' },
  { kind: 'listen' },
  { kind: 'listen', on: true },
  { kind: 'listen', on: 1, ask: 1 },
  { kind: 'report', report: { ...report, address: address.toUpperCase() } },
  { kind: 'report', report: { ...report, links: -1 } },
  { kind: 'report', report: { ...report, links: 0.5 } },
  { kind: 'report', report: { ...report, online: 'yes' } },
  { kind: 'report' },
])('%j is no order', data => {
  expect(readOrder(data)).toBeUndefined();
});

it('reads news', () => {
  const binding = new Uint8Array([1]);
  const settings = defaultSettings;
  const complaint = { code: 'PORT_IN_USE', sentence: 'taken' };
  expect(readNews({ kind: 'channel', binding })).toEqual({ kind: 'channel', binding });
  expect(readNews({ kind: 'listening', on: true, ask: 2 })).toEqual({ kind: 'listening', on: true, ask: 2 });
  expect(readNews({ kind: 'status', status: running, settings })).toEqual({
    kind: 'status',
    status: running,
    settings,
  });
  expect(readNews({ kind: 'status', status: { state: 'stopped', complaint }, settings })).toMatchObject({
    status: { complaint },
  });
  expect(
    readNews({ kind: 'status', status: { state: 'stopped', complaint: { ...complaint, code: 'toString' } }, settings }),
  ).toMatchObject({ status: { state: 'stopped', complaint: null } });
});

it.each([
  undefined,
  { kind: 'start' },
  { kind: 'channel', binding: [1] },
  { kind: 'listening', on: true },
  { kind: 'listening', ask: 1 },
  { kind: 'status', status: { state: 'broken' } },
  { kind: 'status', status: { ...running, wsUrls: [1] } },
  { kind: 'status', status: { ...running, uptimeMs: '5' } },
])('%j is no news', data => {
  expect(readNews(data)).toBeUndefined();
});
