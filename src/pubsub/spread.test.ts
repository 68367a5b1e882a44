/** How one node passes messages on: pushes, tells, asks, and what it refuses. Partners are lines that write down what they are sent. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { addressOfKey } from '../address/signed.ts';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import type { SigningKey } from '../ports/crypto.ts';
import { silentLog } from '../ports/log.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { SimCrypto, SimKeys } from '../sim/sim-crypto.ts';
import {
  FRESH_MS,
  GRAFT_AFTER_MS,
  HAVE_DELAY_MS,
  JOIN_SLACK_MS,
  RECENT_MS,
  SHELF_MS,
  TIME_MS_TOLERATED,
} from './limits.ts';
import { decodePartnerFrame, type PartnerFrame } from './messages.ts';
import { Partner } from './partner.ts';
import { channelKey, idOf, type Publication, packBody, signPublication, unpackBody } from './publication.ts';
import { Spread } from './spread.ts';
import { plainGreeting } from './testing/greeting.ts';

const channel = channelKey('test');
const random = new SeededRandom('spread');
const crypto = new SimCrypto(new SimKeys(), random);

interface Bench {
  readonly clock: ManualClock;
  readonly spread: Spread;
  readonly partners: Partner[];
  readonly partnerKeys: SigningKey[];
  /** Frames sent to each partner. */
  readonly sent: PartnerFrame[][];
  readonly delivered: string[];
  readonly offences: string[];
  readonly key: SigningKey;
  /** By publisher, as far as known. */
  readonly clockOffsets: Map<string, number>;
}

async function benchOf(
  partnerCount: number,
  validate: (p: Publication) => Promise<boolean> = async () => true,
): Promise<Bench> {
  const clock = new ManualClock();
  const key = await crypto.passingKey();
  const sent: PartnerFrame[][] = [];
  const delivered: string[] = [];
  const offences: string[] = [];
  const clockOffsets = new Map<string, number>();
  const partnerKeys = await Promise.all(Array.from({ length: partnerCount }, () => crypto.passingKey()));
  const partners = partnerKeys.map(({ publicKey }, i) => {
    const address = addressOfKey(publicKey);
    const frames: PartnerFrame[] = [];
    sent.push(frames);
    const send: Partner['line']['send'] = body => frames.push(decodePartnerFrame(body));
    const line = { address, openedHere: true, openedMs: 0, by: () => address, send, end() {} };
    return new Partner(clock, line, plainGreeting, 10 + i);
  });
  const spread = new Spread({
    clock,
    random,
    scope: new Scope(clock),
    log: silentLog,
    crypto,
    key,
    channel,
    partners: () => partners,
    clockOffsetMs: publisher => clockOffsets.get(publisher.toString()),
    offend: (partner, offence) => offences.push(`${partners.indexOf(partner)} ${offence}`),
    validate,
    deliver: ({ scope, body }) => delivered.push(`${scope} ${String(unpackBody(body))}`),
  });
  return { clock, spread, partners, partnerKeys, sent, delivered, offences, key, clockOffsets };
}

let sequence = 0;
function signed(
  key: SigningKey,
  text: string,
  clock: ManualClock,
  more: Partial<Publication> = {},
): Promise<Publication> {
  const content = {
    sequence: ++sequence,
    wallMs: Math.floor(clock.wallMs()),
    scope: 's',
    body: packBody(text),
    ...more,
  };
  return signPublication(key, channel, content);
}

const kinds = (frames: readonly PartnerFrame[]): string[] => frames.map(({ kind }) => kind);

test('what a validator refuses is asked for no more, and held against nobody but its publisher', async () => {
  let asked = 0;
  const refuse = async (): Promise<boolean> => ++asked < 0;
  const { clock, spread, partners, partnerKeys, sent, delivered, offences } = await benchOf(3, refuse);
  const publisher = await crypto.passingKey();
  const publication = await signed(publisher, 'spam', clock);
  await Promise.all(partners.map(partner => spread.take(partner, publication)));
  spread.have(partners[2]!, [idOf(channel, publication)]);
  await clock.pass(10_000);
  expect([asked, delivered, offences]).toEqual([1, [], []]);
  expect(kinds(sent.flat()).filter(kind => kind !== 'prune')).toEqual([]);
  await spread.take(partners[1]!, await signed(partnerKeys[1]!, 'its own spam', clock));
  expect([asked, offences]).toEqual([2, ['1 badMessage']]);
});

test('a message is heard once, pushed to six, told to the others, and not sent back', async () => {
  const { clock, spread, partners, sent, delivered } = await benchOf(10);
  const publisher = await crypto.passingKey();
  const publication = await signed(publisher, 'hello', clock);
  await spread.take(partners[4]!, publication);
  expect(delivered).toEqual(['s hello']);
  expect(kinds(sent.flat())).toEqual(Array.from({ length: 6 }, () => 'publication'));
  await clock.pass(HAVE_DELAY_MS);
  expect(kinds(sent.flat()).sort()).toEqual([
    ...['have', 'have', 'have'],
    ...Array.from({ length: 6 }, () => 'publication'),
  ]);
  expect(sent[4]).toEqual([]);
  expect(sent.flat().find(({ kind }) => kind === 'have')).toEqual({ kind: 'have', ids: [idOf(channel, publication)] });
  await spread.take(partners[7]!, publication);
  expect(delivered).toEqual(['s hello']);
  expect(sent[7]!.at(-1)).toEqual({ kind: 'prune', publisher: addressOfKey(publisher.publicKey) });
  expect(spread.counts).toEqual({ received: 2, accepted: 1 });
});

test('who pruned is told only, who grafted is pushed to', async () => {
  const { clock, spread, partners, sent } = await benchOf(8);
  const publisher = await crypto.passingKey();
  const address = addressOfKey(publisher.publicKey);
  const first = await signed(publisher, '1', clock);
  await spread.take(partners[0]!, first);
  await clock.pass(HAVE_DELAY_MS);
  const pushed = partners.filter((_, i) => kinds(sent[i]!).includes('publication'));
  const told = partners.find((_, i) => kinds(sent[i]!).includes('have'))!;
  for (const partner of pushed) spread.prune(partner, address);
  spread.graft(told, [idOf(channel, first)]);
  expect(kinds(sent[partners.indexOf(told)]!)).toEqual(['have', 'publication']);
  for (const frames of sent) frames.length = 0;
  await spread.take(partners[0]!, await signed(publisher, '2', clock));
  await clock.pass(HAVE_DELAY_MS);
  for (const [i, partner] of partners.entries())
    expect(kinds(sent[i]!), `${i}`).toEqual(i === 0 ? [] : [partner === told ? 'publication' : 'have']);
});

test('a forged message is not heard, not relayed, held against its sender, and does not stop the true one', async () => {
  const { clock, spread, partners, sent, delivered, offences } = await benchOf(4);
  const publisher = await crypto.passingKey();
  const publication = await signed(publisher, 'true', clock);
  const forgeries: Publication[] = [
    { ...publication, signature: new Uint8Array(64) },
    { ...publication, body: packBody('false') },
    { ...publication, scope: 'other' },
    { ...publication, sequence: publication.sequence + 1 },
    { ...publication, publicKey: (await crypto.passingKey()).publicKey },
    { ...publication, signature: await signed(publisher, 'x', clock).then(({ signature }) => signature) },
    await signPublication(publisher, channelKey('another'), publication),
    await signed(publisher, 'old', clock, { wallMs: Math.floor(clock.wallMs()) - TIME_MS_TOLERATED - 1 }),
    await signed(publisher, 'early', clock, { wallMs: Math.floor(clock.wallMs()) + TIME_MS_TOLERATED + 1 }),
  ];
  for (const forgery of forgeries) await spread.take(partners[1]!, forgery);
  await clock.pass(1_000);
  expect(offences).toEqual(forgeries.map(() => '1 badMessage'));
  expect([delivered, sent.flat()]).toEqual([[], []]);
  await spread.take(partners[2]!, publication);
  expect(delivered).toEqual(['s true']);
});

test('a true copy that comes while a forged one of the same id is looked at is fetched again', async () => {
  const { clock, spread, partners, sent, delivered } = await benchOf(3);
  const publisher = await crypto.passingKey();
  const publication = await signed(publisher, 'true', clock);
  const forged = { ...publication, signature: new Uint8Array(64) };
  await Promise.all([spread.take(partners[0]!, forged), spread.take(partners[1]!, publication)]);
  expect(delivered).toEqual([]);
  await clock.pass(GRAFT_AFTER_MS);
  expect(sent[1]).toEqual([{ kind: 'graft', ids: [idOf(channel, publication)] }]);
  await spread.take(partners[1]!, publication);
  expect(delivered).toEqual(['s true']);
});

test('a second message under a used number is not heard', async () => {
  const { clock, spread, partners, delivered } = await benchOf(3);
  const publisher = await crypto.passingKey();
  const first = await signed(publisher, 'first', clock);
  await spread.take(partners[0]!, first);
  await spread.take(partners[0]!, await signed(publisher, 'second', clock, { sequence: first.sequence }));
  expect(delivered).toEqual(['s first']);
});

test("what the application refuses, or fails at, goes no further, and is not the partner's fault", async () => {
  const refusing = await benchOf(3, async () => false);
  const failing = await benchOf(3, async () => {
    throw new Error('a bug');
  });
  for (const { clock, spread, partners } of [refusing, failing])
    await spread.take(partners[0]!, await signed(await crypto.passingKey(), 'x', clock));
  for (const { delivered, sent } of [refusing, failing]) expect([delivered, sent.flat()]).toEqual([[], []]);
  expect([refusing.offences, failing.offences]).toEqual([[], []]);
});

test('what others have is asked for when it does not come by itself', async () => {
  const { clock, spread, partners, sent } = await benchOf(4);
  const publisher = await crypto.passingKey();
  const [late, lost] = [await signed(publisher, 'late', clock), await signed(publisher, 'lost', clock)];
  spread.have(partners[2]!, [idOf(channel, late), idOf(channel, lost)]);
  spread.have(partners[3]!, [idOf(channel, lost)]);
  await clock.pass(GRAFT_AFTER_MS - 1);
  await spread.take(partners[0]!, late);
  await clock.pass(1);
  const asked = sent.map(frames => frames.filter(({ kind }) => kind === 'graft'));
  expect(asked).toEqual([[], [], [{ kind: 'graft', ids: [idOf(channel, lost)] }], []]);
  expect(kinds(sent[2]!)).toEqual(['graft']); // it has the late one: nobody tells it
});

test("what is a little too old or too early for the clock here goes no further, and is nobody's fault", async () => {
  const { clock, spread, partners, sent, delivered, offences } = await benchOf(4);
  const publisher = await crypto.passingKey();
  const wallMs = Math.floor(clock.wallMs());
  for (const offMs of [-TIME_MS_TOLERATED, -FRESH_MS - 1, FRESH_MS + 1, TIME_MS_TOLERATED]) {
    const publication = await signed(publisher, `off by ${offMs}`, clock, { wallMs: wallMs + offMs });
    spread.have(partners[2]!, [idOf(channel, publication)]);
    await spread.take(partners[1]!, publication);
    spread.have(partners[3]!, [idOf(channel, publication)]);
  }
  await clock.pass(5_000);
  expect([delivered, offences, kinds(sent.flat())]).toEqual([[], [], ['prune', 'prune', 'prune', 'prune']]);
  await spread.take(partners[1]!, await signed(publisher, 'fit', clock, { wallMs: wallMs - FRESH_MS + 5_000 }));
  expect(delivered).toEqual(['s fit']);
});

test('a publisher whose clock is known is heard by its clock, but not with what it said before this node joined', async () => {
  const { clock, spread, partners, sent, delivered, offences, clockOffsets } = await benchOf(3);
  const publisher = await crypto.passingKey();
  const slowMs = 50 * 60_000;
  const wallMs = Math.floor(clock.wallMs()) - slowMs;
  await spread.take(partners[0]!, await signed(publisher, 'unknown', clock, { wallMs }));
  clockOffsets.set(addressOfKey(publisher.publicKey).toString(), -slowMs);
  await spread.take(partners[0]!, await signed(publisher, 'known', clock, { wallMs }));
  for (const frames of sent) frames.length = 0;
  await spread.take(partners[0]!, await signed(publisher, 'before', clock, { wallMs: wallMs - JOIN_SLACK_MS - 1 }));
  expect([delivered, offences]).toEqual([['s known'], []]);
  expect(sent.map(kinds)).toEqual([[], ['publication'], ['publication']]); // others were there
});

test('what this node said in an earlier run is not heard by itself', async () => {
  const { clock, spread, partners, delivered, offences, key } = await benchOf(2);
  await clock.pass(2_000);
  await spread.take(partners[0]!, await signed(key, 'mine', clock));
  expect([delivered, offences]).toEqual([[], []]);
});

test('a partner is told of what came since it joined, and lately', async () => {
  const { clock, spread, partners, sent } = await benchOf(2);
  const publisher = await crypto.passingKey();
  const partnerOf = (joinedAgoMs: number): Partner =>
    new Partner(clock, partners[0]!.line, { ...plainGreeting, wallMs: joinedAgoMs }, 10);
  const publications: Publication[] = [];
  for (let i = 0; i < 3; i++) {
    publications.push(await signed(publisher, `${i}`, clock));
    await spread.take(partners[1]!, publications[i]!);
    await clock.pass(RECENT_MS / 2);
  }
  const told = (joinedAgoMs: number, awaySinceMs?: number): string[] => {
    sent[0]!.length = 0;
    spread.came(partnerOf(joinedAgoMs), awaySinceMs);
    const ids = sent[0]!.flatMap(frame => (frame.kind === 'have' ? frame.ids : []));
    return publications.flatMap((publication, i) => (ids.includes(idOf(channel, publication)) ? [`${i}`] : []));
  };
  expect(told(0)).toEqual([]);
  expect(told(RECENT_MS / 2)).toEqual(['2']);
  expect(told(10 * RECENT_MS)).toEqual(['1', '2']);
  expect(told(10 * RECENT_MS, clock.now() - RECENT_MS / 2)).toEqual(['0', '1', '2']);
  expect(told(1, clock.now() - RECENT_MS / 2)).toEqual([]);
});

test("a node's own message goes to partners, and comes back unheard", async () => {
  const { spread, partners, sent, delivered } = await benchOf(2);
  await spread.publish('s', packBody('mine'));
  expect(kinds(sent.flat())).toEqual(['publication', 'publication']);
  const [frame] = sent[0]!;
  if (frame?.kind !== 'publication') throw new Error('not a publication');
  await spread.take(partners[1]!, frame.publication);
  expect(delivered).toEqual([]);
});

test('what is said with nobody there is published when the first comes, within a minute', async () => {
  const { clock, spread, partners, sent } = await benchOf(1);
  const [first] = partners.splice(0);
  await spread.publish('s', packBody('too early'));
  await clock.pass(1_000);
  await spread.publish('s', packBody('early'));
  await clock.pass(SHELF_MS);
  partners.push(first!);
  spread.came(first!, undefined);
  spread.came(first!, undefined);
  await setImmediate();
  const texts = sent[0]!.map(frame => (frame.kind === 'publication' ? unpackBody(frame.publication.body) : frame.kind));
  expect(texts).toEqual(['early']);
  const [frame] = sent[0]!;
  expect(frame?.kind === 'publication' && frame.publication.wallMs).toBe(Math.floor(clock.wallMs()));
});
