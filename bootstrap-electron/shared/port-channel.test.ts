import { afterEach, describe, expect, it } from 'vitest';
import { errorNumber, SeaError } from '../../src/base/errors.ts';
import { channelTests } from '../../src/ports/acceptance/channel.ts';
import { codes, pattern, pause, record } from '../../src/ports/acceptance/recorder.ts';
import { FRAME_BYTES_MAX } from '../../src/ports/link-factory.ts';
import { readChannelMessage } from './channel-messages.ts';
import { LOW_WATER_BYTES, UNREAD_BYTES_MAX } from './limits.ts';
import { domPort, type Port } from './port.ts';
import { PortChannel, type PortChannelOptions } from './port-channel.ts';

const ports: Port[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function portPair(): [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  const pair: [Port, Port] = [domPort(port1), domPort(port2)];
  ports.push(...pair);
  return pair;
}

const plain: PortChannelOptions = { transport: 'websocket', binding: new TextEncoder().encode('sea.example.org') };

function channelPair(far: Partial<PortChannelOptions> = {}): [PortChannel, PortChannel] {
  const [one, other] = portPair();
  return [new PortChannel(one, plain), new PortChannel(other, { ...plain, ...far })];
}

describe('PortChannel', () => {
  channelTests(async () => channelPair());

  it('shows the transport and the binding it was given', () => {
    const [near] = channelPair();
    expect([near.transport, new TextDecoder().decode(near.binding)]).toEqual(['websocket', 'sea.example.org']);
  });

  it('counts frames as unread until the other side acknowledges them, where it does so by hand', async () => {
    const [near, far] = channelPair({ acknowledgesLater: true });
    const [atNear, atFar] = [record(near), record(far)];
    for (let i = 0; i < 5; i++) near.send(pattern(FRAME_BYTES_MAX, i));
    await atFar.until(r => r.frames.length === 5);
    await pause();
    expect([near.bufferedBytes, atNear.writables]).toEqual([5 * FRAME_BYTES_MAX, 0]);
    far.acknowledge(5 * FRAME_BYTES_MAX - LOW_WATER_BYTES);
    await atNear.until(r => r.writables === 1);
    expect(near.bufferedBytes).toBe(LOW_WATER_BYTES);
  });

  it('ends with OVERLOADED when the other process reads nothing', () => {
    const [one] = portPair();
    const near = new PortChannel(one, plain);
    const frame = pattern(FRAME_BYTES_MAX, 1);
    for (let bytes = 0; bytes < UNREAD_BYTES_MAX; bytes += frame.length) near.send(frame);
    expect(near.bufferedBytes).toBe(UNREAD_BYTES_MAX);
    near.send(new Uint8Array(1));
    expect(near.bufferedBytes).toBe(0);
  });

  it('tells a fault under its own code and a close as LINK_CLOSED with the reason as text', async () => {
    const reason = new SeaError('TIMEOUT', 'nothing came');
    const faulty = channelPair();
    const closing = channelPair();
    const [atFaulty, atClosing] = [record(faulty[1]), record(closing[1])];
    faulty[0].fault(reason);
    closing[0].fail(reason);
    await Promise.all([atFaulty.until(r => r.closes.length > 0), atClosing.until(r => r.closes.length > 0)]);
    expect(codes(atFaulty)).toEqual(['TIMEOUT']);
    expect(atClosing.closes.map(({ message }) => message)).toEqual(['LINK_CLOSED: the other end closed it: TIMEOUT']);
  });

  it('ends when the port does, which is how a process that crashed is noticed', async () => {
    const [one, other] = portPair();
    const atNear = record(new PortChannel(one, plain));
    other.listen({ onMessage: () => {}, onClose: () => {} });
    other.close();
    await atNear.until(r => r.closes.length > 0);
    expect(codes(atNear)).toEqual(['LINK_CLOSED']);
  });

  it('refuses what is no message of a channel', async () => {
    const [one, other] = portPair();
    const atNear = record(new PortChannel(one, plain));
    const answers: unknown[] = [];
    other.listen({ onMessage: data => answers.push(data), onClose: () => {} });
    other.post({ kind: 'frame', bytes: 'text' });
    await atNear.until(r => r.closes.length > 0);
    await pause();
    expect(codes(atNear)).toEqual(['BAD_MESSAGE']);
    expect(answers).toEqual([{ kind: 'close', code: errorNumber('BAD_MESSAGE') }]);
  });
});

it.each([
  undefined,
  null,
  7,
  'frame',
  {},
  { kind: 'other' },
  { kind: 'frame' },
  { kind: 'frame', bytes: [1] },
  { kind: 'taken', count: -1 },
  { kind: 'taken', count: 0.5 },
  { kind: 'close', code: '2' },
  { kind: 'fault' },
])('%j is not a channel message', data => {
  expect(readChannelMessage(data)).toBeUndefined();
});

it('reads each message and drops further fields', () => {
  const bytes = new Uint8Array([1]);
  expect(
    [
      { kind: 'frame', bytes, more: 1 },
      { kind: 'taken', count: 3, more: 1 },
      { kind: 'close', code: 2, more: 1 },
      { kind: 'fault', code: 2 },
    ].map(readChannelMessage),
  ).toEqual([
    { kind: 'frame', bytes },
    { kind: 'taken', count: 3 },
    { kind: 'close', code: 2 },
    { kind: 'fault', code: 2 },
  ]);
});
