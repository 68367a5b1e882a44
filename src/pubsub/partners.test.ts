/** Who may be a partner: lines opened by true members, by nodes that speak in their names, and what each may do then. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { addressOfKey } from '../address/signed.ts';
import { isSeaError } from '../base/errors.ts';
import { Scope } from '../base/scope.ts';
import { LinkScores } from '../link/link-score.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import type { SigningKey } from '../ports/crypto.ts';
import { silentLog } from '../ports/log.ts';
import type { Body, Caller, CallOptions, Incoming } from '../rpc/exchange.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { SimCrypto, SimKeys } from '../sim/sim-crypto.ts';
import { OPENING, signIntroduction } from './introduction.ts';
import { CLOCK_SKEW_MS_MAX, MEETING_MS, MEMBERS_PER_MESSAGE, RETIRE_MS, TOLD_RATE } from './limits.ts';
import { MemberView } from './member-view.ts';
import { decodeOpening, encodePartnerFrame, type Greeting, type MemberEntry, type Opening } from './messages.ts';
import { Partners } from './partners.ts';
import { channelKey } from './publication.ts';

const channel = channelKey('test');
const random = new SeededRandom('partners');
const crypto = new SimCrypto(new SimKeys(), random);

/** One member's Partners, and what becomes of them. */
async function benchOf() {
  const clock = new ManualClock();
  const key = await crypto.passingKey();
  const self = addressOfKey(key.publicKey);
  const events: string[] = [];
  const opened: { readonly target: HashAddress; readonly opening: Opening; readonly options: CallOptions }[] = [];
  const open: Caller['open'] = (target, _, { value }, options = {}) => {
    opened.push({ target, opening: decodeOpening(value), options });
    return { result: new Promise<Body>(() => {}), by: HashAddress.random(random), send() {}, cancel() {} };
  };
  const view = new MemberView(self, clock, random, (_, present) => events.push(present ? 'member' : 'no member'));
  const partners = new Partners({
    self,
    clock,
    random,
    scope: new Scope(clock),
    log: silentLog,
    caller: { open, call: () => new Promise(() => {}), handle: () => () => {} },
    channel,
    view,
    crypto,
    scores: { direct: new LinkScores(clock), routed: new LinkScores(clock) },
    handler: {
      onPartner: () => events.push('came'),
      onPartnerGone: () => events.push('gone'),
      onFrame: (partner, frame) => {
        events.push(frame.kind);
        if (frame.kind === 'members') partners.learn(partner, frame.members);
      },
    },
    online: () => true,
    linked: () => false,
    greeting: (to, answers) => greetingOf(key, clock, to, { answers }),
  });
  return { clock, self, events, opened, view, partners };
}

type Bench = Awaited<ReturnType<typeof benchOf>>;

async function greetingOf(
  key: SigningKey,
  clock: ManualClock,
  to: HashAddress,
  { answers = OPENING, offMs = 0, joinedMs = 1, of = channel } = {},
): Promise<Greeting> {
  const introduction = await signIntroduction(key, of, to, { wallMs: clock.wallMs() + offMs, joinedMs }, answers);
  return { members: [], serving: [], load: 0, ...introduction };
}

/** Opens in the name of `caller` by way of `by`; the code of the refusal, and the way to say more on that line. */
async function open({ partners }: Bench, caller: HashAddress, by: HashAddress, greeting: Greeting) {
  let hear: (body: Body) => void = () => {};
  let code = 'none';
  const incoming: Incoming = {
    caller,
    by,
    direct: by.equals(caller),
    body: { value: null },
    signal: new AbortController().signal,
    send() {},
    onItem: listener => {
      hear = listener;
    },
  };
  partners.accept(incoming, { channel, ...greeting }).catch(error => {
    code = isSeaError(error) ? error.code : String(error);
  });
  await setImmediate();
  return { code, say: (body: Body) => hear(body) };
}

test('an opening that its member has not signed for this node and this channel is refused', async () => {
  const bench = await benchOf();
  const { clock, self, events, partners, view } = bench;
  const [key, other] = [await crypto.passingKey(), await crypto.passingKey()];
  const [address, hop] = [addressOfKey(key.publicKey), HashAddress.random(random)];
  const good = await greetingOf(key, clock, self);
  const unfit: readonly (readonly [Greeting, string])[] = [
    [{ ...good, signature: new Uint8Array(64) }, 'BAD_SIGNATURE'],
    [{ ...good, wallMs: good.wallMs + 1 }, 'BAD_SIGNATURE'],
    [{ ...good, joinedMs: 2 }, 'BAD_SIGNATURE'],
    [await greetingOf(other, clock, self), 'BAD_SIGNATURE'],
    [await greetingOf(key, clock, hop), 'BAD_SIGNATURE'],
    [await greetingOf(key, clock, self, { of: channelKey('another') }), 'BAD_SIGNATURE'],
    [await greetingOf(key, clock, self, { answers: 5 }), 'BAD_SIGNATURE'],
    [await greetingOf(key, clock, self, { offMs: -CLOCK_SKEW_MS_MAX - 1 }), 'CLOCK_SKEW'],
  ];
  for (const by of [hop, address])
    for (const [greeting, code] of unfit) expect((await open(bench, address, by, greeting)).code).toBe(code);
  expect([events, partners.size, view.size]).toEqual([[], 0, 0]);
  expect((await open(bench, address, hop, good)).code).toBe('none');
  expect([events, view.members()]).toEqual([['member', 'came'], [address]]);
});

test('an opening that is said again by another does not take the line over; a new one does, and one over the link', async () => {
  const bench = await benchOf();
  const { clock, self, events, partners } = bench;
  const key = await crypto.passingKey();
  const [address, hop] = [addressOfKey(key.publicKey), HashAddress.random(random)];
  const byOf = (): HashAddress | undefined => partners.get(address)?.line.by();
  const first = await greetingOf(key, clock, self);
  await open(bench, address, address, first);
  await clock.pass(2 * MEETING_MS);
  expect((await open(bench, address, hop, first)).code).toBe('DUPLICATE_LINK');
  expect(byOf()).toBe(address);
  const second = await greetingOf(key, clock, self);
  expect((await open(bench, address, hop, second)).code).toBe('none');
  expect(byOf()).toBe(hop);
  expect((await open(bench, address, address, first)).code).toBe('none');
  await clock.pass(RETIRE_MS);
  expect([byOf(), events]).toEqual([address, ['member', 'came']]);
  const reloaded = await greetingOf(key, clock, self, { joinedMs: 2 });
  await open(bench, address, hop, reloaded);
  expect(events).toEqual(['member', 'came', 'gone', 'came']);
  partners.dropAll();
  expect((await open(bench, address, hop, reloaded)).code).toBe('DUPLICATE_LINK'); // and not when it has gone
  expect([partners.size, events.at(-1)]).toEqual([0, 'gone']);
});

test('what others passed on in the name of a member does not shut out the member itself', async () => {
  const bench = await benchOf();
  const { clock, self, events } = bench;
  const key = await crypto.passingKey();
  const [address, hop] = [addressOfKey(key.publicKey), HashAddress.random(random)];
  const { say } = await open(bench, address, hop, await greetingOf(key, clock, self));
  for (let i = 0; i < 20; i++) say({ value: [99] });
  expect(events).toEqual(['member', 'came', 'gone']);
  expect((await open(bench, address, hop, await greetingOf(key, clock, self))).code).toBe('DECLINED');
  const direct = await open(bench, address, address, await greetingOf(key, clock, self));
  expect(direct.code).toBe('none');
  for (let i = 0; i < 20; i++) direct.say({ value: [99] });
  expect(events.slice(3)).toEqual(['came', 'gone']);
  expect((await open(bench, address, address, await greetingOf(key, clock, self))).code).toBe('DECLINED');
});

test('a partner that tells of thousands who are not there fills neither the list of members nor that of whom to try', async () => {
  const bench = await benchOf();
  const { clock, self, events, view } = bench;
  const key = await crypto.passingKey();
  const address = addressOfKey(key.publicKey);
  const ghosts = (): MemberEntry[] =>
    Array.from({ length: MEMBERS_PER_MESSAGE }, () => ({ address: HashAddress.random(random), ageMs: 0 }));
  const greeting = await greetingOf(key, clock, self);
  const { say } = await open(bench, address, address, { ...greeting, members: ghosts() });
  for (let i = 0; i < 70; i++) say(encodePartnerFrame({ kind: 'members', members: ghosts(), answer: false }));
  expect([view.members(), view.size]).toEqual([[address], 1 + TOLD_RATE.burst]);
  expect(events.filter(event => event === 'member').length).toBe(1);
  await clock.pass(10_000);
  say(encodePartnerFrame({ kind: 'members', members: ghosts(), answer: false }));
  expect(view.size).toBe(1 + TOLD_RATE.burst + 10 * TOLD_RATE.perSecond);
});

test('a welcome counts when the member has signed it as the answer to this very opening; nothing is heard before', async () => {
  const { clock, self, events, opened, view, partners } = await benchOf();
  const key = await crypto.passingKey();
  const address = addressOfKey(key.publicKey);
  const welcomes = [
    (_: number) => greetingOf(key, clock, self),
    (answers: number) => greetingOf(key, clock, HashAddress.random(random), { answers }),
    async (answers: number) => greetingOf(await crypto.passingKey(), clock, self, { answers }),
    (answers: number) => greetingOf(key, clock, self, { answers }),
  ];
  for (const [i, welcome] of welcomes.entries()) {
    await clock.pass(100_000); // beyond the time after which a member is tried again
    view.told(address, 0);
    partners.beat();
    await setImmediate();
    const { target, opening, options } = opened.at(-1)!;
    expect([target, opened.length]).toEqual([address, i + 1]);
    const greeting = await welcome(opening.wallMs);
    options.onItem?.(encodePartnerFrame({ kind: 'welcome', ...greeting }));
    options.onItem?.(encodePartnerFrame({ kind: 'ping' }));
    options.onItem?.(encodePartnerFrame({ kind: 'pong' }));
    expect(events).toEqual([]);
    await setImmediate();
    expect(events).toEqual(i < welcomes.length - 1 ? [] : ['member', 'came', 'ping', 'pong']);
  }
});
