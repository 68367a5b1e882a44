import { describe, expect, it } from 'vitest';
import { linkFactoryAcceptance, negotiatePair } from '../../ports/acceptance/link-factory.ts';
import { Recorder } from '../../ports/acceptance/recorder.ts';
import type { Signal } from '../../ports/link-factory.ts';
import { MemoryNetwork } from './memory-link-factory.ts';

linkFactoryAcceptance('MemoryNetwork', ['dial', 'negotiate'], () => {
  const network = new MemoryNetwork();
  const listener = network.listener('memory:one');
  return {
    factory: network.factory(),
    other: network.factory(),
    listening: { url: 'memory:one', deadUrl: 'memory:nobody', listener },
  };
});

describe('MemoryNetwork', () => {
  it('keeps frames while it holds and lets them go in order', async () => {
    const network = new MemoryNetwork();
    const [near, far] = await negotiatePair({ factory: network.factory(), other: network.factory() });
    const [atNear, atFar] = [new Recorder(), new Recorder()];
    near.open(atNear);
    far.open(atFar);
    network.hold();
    for (let i = 0; i < 5; i++) near.send(new Uint8Array(65_536).fill(i));
    near.close();
    await new Promise(resolve => setTimeout(resolve, 5));
    expect([near.bufferedBytes, atFar.frames.length, atFar.closes.length]).toEqual([5 * 65_536, 0, 0]);
    network.flow();
    await atFar.until(r => r.closes.length === 1);
    expect(atFar.frames.map(frame => frame[0])).toEqual([0, 1, 2, 3, 4]);
    expect(near.bufferedBytes).toBe(0);
  });

  it('copies what is sent', async () => {
    const network = new MemoryNetwork();
    const [near, far] = await negotiatePair({ factory: network.factory(), other: network.factory() });
    const atFar = new Recorder();
    far.open(atFar);
    const frame = new Uint8Array([1, 2, 3]);
    near.send(frame);
    frame.fill(0);
    await atFar.until(r => r.frames.length === 1);
    expect([...(atFar.frames[0] ?? [])]).toEqual([1, 2, 3]);
  });

  it('loses a channel whose sender minds nothing', async () => {
    const network = new MemoryNetwork();
    const [near, far] = await negotiatePair({ factory: network.factory(), other: network.factory() });
    const [atNear, atFar] = [new Recorder(), new Recorder()];
    near.open(atNear);
    far.open(atFar);
    for (let i = 0; i < 4_097; i++) near.send(new Uint8Array(1));
    await Promise.all([atNear.until(r => r.closes.length === 1), atFar.until(r => r.closes.length === 1)]);
    expect(atFar.frames).toHaveLength(4_096);
  });

  it('refuses a URL that is listened on, until the listener stops', async () => {
    const network = new MemoryNetwork();
    const stop = await network.listener('memory:one').listen(() => {});
    await expect(network.listener('memory:one').listen(() => {})).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    stop();
    stop();
    const again = await network.listener('memory:one').listen(() => {});
    again();
  });

  it('joins no attempt of another network', async () => {
    const signals: Signal[] = [];
    const offer = new MemoryNetwork().factory().negotiate('offer', signal => signals.push(signal));
    await Promise.resolve();
    const answer = new MemoryNetwork().factory().negotiate('answer', () => {});
    for (const signal of signals) answer.accept(signal);
    expect(signals.map(signal => signal.kind)).toEqual(['description', 'end']);
    await expect(answer.channel).rejects.toMatchObject({ code: 'DIAL_FAILED' });
    offer.close();
  });

  it('joins nobody to an offer that was answered by somebody else', async () => {
    const factory = new MemoryNetwork().factory();
    const offers: Signal[] = [];
    const answers: Signal[] = [];
    const first = factory.negotiate('offer', signal => offers.push(signal));
    const second = factory.negotiate('offer', () => {});
    await Promise.resolve();
    const answer = factory.negotiate('answer', signal => answers.push(signal));
    for (const signal of offers) answer.accept(signal);
    await Promise.resolve();
    for (const signal of answers) second.accept(signal);
    await expect(second.channel).rejects.toMatchObject({ code: 'DIAL_FAILED' });
    first.close();
    answer.close();
  });
});
