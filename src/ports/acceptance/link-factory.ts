/**
 * What every link factory must do, as tests. An adapter's test calls `linkFactoryAcceptance` with the ways it offers;
 * nothing here knows which adapter it is.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deferred } from '../../base/deferred.ts';
import type { Channel, LinkFactory, Listener, Negotiation, Signal } from '../link-factory.ts';
import { channelTests } from './channel.ts';
import { pattern, pause, record, same } from './recorder.ts';

export interface LinkFactorySubject {
  /** The side that dials, or offers. */
  readonly factory: LinkFactory;
  /** The side that answers a negotiation. */
  readonly other: LinkFactory;
  /** For 'dial': what listens, and a URL of the same kind that nobody listens on. */
  readonly listening?: { readonly url: string; readonly deadUrl: string; readonly listener: Listener };
  close?(): void | Promise<void>;
}

export type Way = 'dial' | 'negotiate';

/** Registers the suite. `setup` runs before each test; what it returns is closed after it. */
export function linkFactoryAcceptance(
  name: string,
  ways: readonly Way[],
  setup: () => LinkFactorySubject | Promise<LinkFactorySubject>,
): void {
  describe(`${name} as a link factory`, () => {
    let subject: LinkFactorySubject;
    let stop: () => void = () => {};
    const made: Channel[] = [];

    beforeEach(async () => {
      subject = await setup();
    });

    afterEach(async () => {
      stop();
      stop = () => {};
      for (const channel of made.splice(0)) channel.close();
      await subject.close?.();
    });

    const connect = async (way: Way): Promise<[Channel, Channel]> => {
      const channels = way === 'dial' ? await dialPair() : await negotiatePair(subject);
      made.push(...channels);
      return channels;
    };

    const dialPair = async (): Promise<[Channel, Channel]> => {
      const { url, listener } = listening(subject);
      const accepted = deferred<Channel>();
      stop = await listener.listen(accepted.resolve);
      return Promise.all([subject.factory.dial(url, new AbortController().signal), accepted.promise]);
    };

    for (const way of ways) describe(way, () => channelTests(() => connect(way)));
    if (ways.includes('dial')) describe('dialling', () => diallingTests(() => subject));
    if (ways.includes('negotiate')) describe('negotiating', () => negotiatingTests(() => subject));
  });
}

/** Passes the signals of two attempts to each other, in order and never within the call that tells them. */
export function negotiatePair({
  factory,
  other,
}: Pick<LinkFactorySubject, 'factory' | 'other'>): Promise<[Channel, Channel]> {
  const offer: Negotiation = factory.negotiate('offer', signal => later(() => answer.accept(signal)));
  const answer: Negotiation = other.negotiate('answer', signal => later(() => offer.accept(signal)));
  return Promise.all([offer.channel, answer.channel]);
}

function diallingTests(subject: () => LinkFactorySubject): void {
  it('rejects with DIAL_FAILED where nobody listens', async () => {
    const { factory } = subject();
    const { deadUrl } = listening(subject());
    await expect(factory.dial(deadUrl, new AbortController().signal)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  });

  it('rejects with DIAL_FAILED for a URL it cannot read', async () => {
    const { factory } = subject();
    for (const url of ['', 'nonsense', 'gopher://host/', 'ws://']) {
      await expect(factory.dial(url, new AbortController().signal)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
    }
  });

  it('rejects with ABORTED when the signal has fired, and when it fires during the dial', async () => {
    const { factory } = subject();
    const { url, listener } = listening(subject());
    const stop = await listener.listen(channel => channel.close());
    const controller = new AbortController();
    const dialling = factory.dial(url, controller.signal);
    controller.abort();
    await expect(dialling).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(factory.dial(url, controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    stop();
  });

  it('gives each dial a channel of its own, and none once the listener has stopped', async () => {
    const { factory } = subject();
    const { url, listener } = listening(subject());
    const accepted: Channel[] = [];
    const stop = await listener.listen(channel => accepted.push(channel));
    const signal = new AbortController().signal;
    const dialled = await Promise.all([factory.dial(url, signal), factory.dial(url, signal)]);
    const heard = dialled.map(channel => record(channel));
    await pause();
    expect(accepted).toHaveLength(2);
    for (const channel of accepted) channel.close();
    await Promise.all(heard.map(recorder => recorder.until(r => r.closes.length > 0)));
    stop();
    await expect(factory.dial(url, signal)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  });
}

function negotiatingTests(subject: () => LinkFactorySubject): void {
  it('says that it negotiates', () => {
    expect(subject().factory.negotiates).toBe(true);
  });

  it('opens several channels at once, each with its own ends', async () => {
    const pairs = await Promise.all([1, 2, 3].map(() => negotiatePair(subject())));
    for (const [i, [near, far]] of pairs.entries()) {
      const atFar = record(far);
      near.send(pattern(20, i));
      await atFar.until(r => r.frames.length === 1);
      expect(same(atFar.frames, [pattern(20, i)])).toBe(true);
    }
    for (const [near, far] of pairs) {
      near.close();
      far.close();
    }
  });

  it('describes an attempt by a fit offer first', async () => {
    const [first, attempt] = await firstSignal(subject().factory);
    expect(first).toMatchObject({ kind: 'description', role: 'offer' });
    attempt.close();
    await expect(attempt.channel).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('lets an attempt that nobody answers be closed, on either side', async () => {
    const { factory } = subject();
    for (const role of ['offer', 'answer'] as const) {
      const attempt = factory.negotiate(role, () => {});
      await pause();
      attempt.close();
      attempt.close();
      attempt.accept({ kind: 'end' });
      await expect(attempt.channel).rejects.toMatchObject({ code: 'ABORTED' });
    }
  });

  for (const [what, signal] of Object.entries(unfitSignals)) {
    it(`ends the attempt with BAD_MESSAGE for ${what}`, async () => {
      const attempt = subject().other.negotiate('answer', () => {});
      expect(() => attempt.accept(signal as Signal)).not.toThrow();
      await expect(attempt.channel).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
      attempt.accept({ kind: 'end' });
      attempt.close();
    });
  }

  it('ends the attempt with BAD_MESSAGE for a second description, and for too many candidates', async () => {
    const { factory, other } = subject();
    const [offer, offering] = await firstSignal(factory);
    const twice = other.negotiate('answer', () => {});
    twice.accept(offer);
    twice.accept(offer);
    await expect(twice.channel).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
    const flooded = other.negotiate('answer', () => {});
    for (let i = 0; i < 65; i++) flooded.accept({ ...fitCandidate, port: 20_000 + i });
    await expect(flooded.channel).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
    offering.close();
  });
}

const fitDescription = {
  kind: 'description',
  role: 'offer',
  ufrag: 'G2tO',
  password: 'K+CDXREWopbKgz7XiqRNZGru',
  fingerprint: new Uint8Array(32).fill(7),
} as const;

const fitCandidate = {
  kind: 'candidate',
  protocol: 'udp',
  type: 'host',
  foundation: '1',
  priority: 2_122_265_343,
  address: '127.0.0.1',
  port: 9_999,
  tcpType: null,
} as const;

const unfitSignals: Readonly<Record<string, unknown>> = {
  'an unknown kind': { kind: 'renegotiate' },
  'a description of its own role': { ...fitDescription, role: 'answer' },
  'a short ufrag': { ...fitDescription, ufrag: 'abc' },
  'a line break in the ufrag': { ...fitDescription, ufrag: 'G2tO\r\na=setup:passive' },
  'a short password': { ...fitDescription, password: 'K+CDXREWopbKgz7XiqRNZ' },
  'a password that is no text': { ...fitDescription, password: 22 },
  'a short fingerprint': { ...fitDescription, fingerprint: new Uint8Array(31) },
  'a candidate with port 0': { ...fitCandidate, port: 0 },
  'a candidate that names a host': { ...fitCandidate, address: 'example.org' },
  'a candidate with words in its address': { ...fitCandidate, address: '127.0.0.1 1 typ relay' },
  'a candidate of negative priority': { ...fitCandidate, priority: -1 },
  'a TCP candidate without its type': { ...fitCandidate, protocol: 'tcp' },
};

async function firstSignal(factory: LinkFactory): Promise<[Signal, Negotiation]> {
  const first = deferred<Signal>();
  const attempt = factory.negotiate('offer', first.resolve);
  return [await first.promise, attempt];
}

function listening(subject: LinkFactorySubject): NonNullable<LinkFactorySubject['listening']> {
  if (subject.listening === undefined) throw new Error("the setup of way 'dial' must give 'listening'");
  return subject.listening;
}

function later(run: () => void): void {
  void Promise.resolve().then(run);
}
