/**
 * Pub-sub: everybody is in one channel; some publish. Each message must reach everybody once, with few copies once a
 * publisher's tree stands. Then a fifth of the members dies at once without a word, and those alive must go on hearing
 * everything, soon.
 */

import { shuffle } from '../../base/random.ts';
import { BEAT_MS } from '../../membership/limits.ts';
import type { Chan } from '../../pubsub/chan.ts';
import { allOnline } from '../checkers.ts';
import { type SimNode, World } from '../world.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';

const BOOTSTRAP_URL = 'ws://bootstrap';
const CHANNEL = 'pubsub';
/** Time between two newcomers in the sea, and in the channel, ms. */
const ARRIVAL_MS = 100;
const ENTRY_MS = 20;
/** Time in which the channel's members come to know one another, ms. */
const SETTLE_MS = 30_000;
const PUBLISHERS = 10;
/** Messages of each publisher after its first, and the time between two messages, ms. */
const MESSAGES = 4;
const GAP_MS = 100;
/** When all that can arrive has arrived, ms. */
const QUIET_MS = 15_000;
const CRASHED_SHARE = 0.2;
/** Rounds of messages after the crash, and the time between two rounds, ms. */
const CRASH_ROUNDS = 3;
const CRASH_ROUND_MS = 1_000;

/** Bounds that decide `ok`. */
const COPIES_MAX = 1.5;
const CRASHED_MS_MAX = 3_000;

interface Member {
  readonly node: SimNode;
  readonly chan: Chan;
}

/** One message and when it reached whom. */
interface Sent {
  readonly from: Member;
  readonly atMs: number;
  readonly arrivedMs: Map<SimNode, number>;
}

export async function pubsub(options: ScenarioOptions): Promise<ScenarioResult> {
  const world = new World(options.seed, options.drain);
  await gather(world, options);
  const channel = new Traffic(world);
  for (const node of world.nodes) {
    channel.enter(node);
    await world.run(ENTRY_MS);
  }
  await world.run(SETTLE_MS);
  options.say(`the channel stands; ${world.trace.frames} frames`);
  const publishers = shuffle(world.random, channel.members).slice(0, PUBLISHERS);
  const first = await channel.rounds(publishers, 1, GAP_MS);
  await world.run(QUIET_MS);
  const before = channel.received();
  const calm = await channel.rounds(publishers, MESSAGES, GAP_MS);
  await world.run(QUIET_MS);
  const copies = channel.received() - before;
  options.say(`calm messages are through; ${world.trace.frames} frames`);
  const others = channel.members.filter(({ node }) => !publishers.includes(channel.of(node)));
  const dead = shuffle(world.random, others).slice(0, Math.floor(channel.members.length * CRASHED_SHARE));
  for (const { node } of dead) world.network.kill(node.host);
  const speakers = [...publishers.slice(0, PUBLISHERS / 2), ...fresh(world, others, dead, PUBLISHERS / 2)];
  const crashed = await channel.rounds(speakers, CRASH_ROUNDS, CRASH_ROUND_MS / Math.max(1, speakers.length));
  await world.run(QUIET_MS);
  const result = judge(world, channel, { first, calm, copies, crashed, dead });
  await world.end();
  return result;
}

/** Everybody comes into the sea, one after another. */
async function gather(world: World, { nodes: count, say }: ScenarioOptions): Promise<void> {
  const bootstrap = await world.addNode({ listenUrl: BOOTSTRAP_URL });
  await bootstrap.sea.goOnline([]);
  const joining: Promise<void>[] = [];
  for (let i = 1; i < count; i++) {
    const { sea } = await world.addNode();
    joining.push(sea.goOnline([BOOTSTRAP_URL]));
    await world.run(ARRIVAL_MS);
    if (i % 50 === 0) say(`${i} nodes have come; ${world.trace.frames} frames`);
  }
  await world.until(Promise.all(joining), 120_000);
  await world.run(2 * BEAT_MS);
}

/** Members alive that have published nothing. */
function fresh(world: World, members: readonly Member[], dead: readonly Member[], count: number): Member[] {
  return shuffle(
    world.random,
    members.filter(member => !dead.includes(member)),
  ).slice(0, count);
}

/** The channel seen from outside: who sent what, and when it reached whom. */
class Traffic {
  readonly members: Member[] = [];
  /** Messages that reached somebody twice, or their own sender. */
  doubled = 0;
  readonly #world: World;
  readonly #sent: Sent[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  of(node: SimNode): Member {
    return this.members.find(member => member.node === node)!;
  }

  enter(node: SimNode): void {
    const chan = node.sea.join(CHANNEL);
    chan.on('message', index => this.#arrived(node, index as number));
    this.members.push({ node, chan });
  }

  /** Bodies that came in, copies included, at all members. */
  received(): number {
    return this.members.reduce((sum, { chan }) => sum + chan.traffic().received, 0);
  }

  /** Each publisher sends one message a round. */
  async rounds(publishers: readonly Member[], count: number, gapMs: number): Promise<Sent[]> {
    const sent: Sent[] = [];
    for (let i = 0; i < count; i++) {
      for (const from of publishers) {
        const message = { from, atMs: this.#world.clock.now(), arrivedMs: new Map<SimNode, number>() };
        this.#sent.push(message);
        sent.push(message);
        void from.chan.send('message', this.#sent.length - 1);
        await this.#world.run(gapMs);
      }
    }
    return sent;
  }

  #arrived(node: SimNode, index: number): void {
    const { from, arrivedMs } = this.#sent[index]!;
    if (arrivedMs.has(node) || from.node === node) this.doubled++;
    else arrivedMs.set(node, this.#world.clock.now());
  }
}

interface Outcome {
  readonly first: readonly Sent[];
  readonly calm: readonly Sent[];
  /** Bodies received for the calm messages. */
  readonly copies: number;
  readonly crashed: readonly Sent[];
  readonly dead: readonly Member[];
}

function judge(world: World, channel: Traffic, { first, calm, copies, crashed, dead }: Outcome): ScenarioResult {
  const { members } = channel;
  const alive = members.filter(member => !dead.includes(member));
  const delivery = deliveryOf([...first, ...calm], members);
  const deliveryCrashed = deliveryOf(crashed, alive);
  const copiesPerNode = copies / Math.max(1, calm.length * (members.length - 1));
  const calmMs = latencies(calm, members);
  const crashedMs = latencies(crashed, alive);
  const deliveryCrashedMsMax = crashedMs.at(-1) ?? 0;
  const faults = [...allOnline(alive.map(({ node }) => node)).faults];
  if (delivery < 1) faults.push(`a share of ${delivery} of all messages arrived`);
  if (deliveryCrashed < 1) faults.push(`a share of ${deliveryCrashed} arrived after the crash`);
  if (channel.doubled > 0) faults.push(`${channel.doubled} messages arrived twice`);
  if (copiesPerNode > COPIES_MAX) faults.push(`${copiesPerNode} copies of a message per node`);
  if (deliveryCrashedMsMax > CRASHED_MS_MAX) faults.push(`${deliveryCrashedMsMax} ms after the crash`);
  return {
    ok: faults.length === 0,
    traceHash: world.trace.digest(),
    metrics: {
      delivery,
      copiesPerNode,
      latencyP50Ms: at(calmMs, 0.5),
      latencyP99Ms: at(calmMs, 0.99),
      deliveryCrashed,
      deliveryCrashedP50Ms: at(crashedMs, 0.5),
      deliveryCrashedP99Ms: at(crashedMs, 0.99),
      deliveryCrashedMsMax,
      doubled: channel.doubled,
      members: members.length,
      messages: first.length + calm.length + crashed.length,
      framesPerNode: Math.round(world.trace.frames / members.length),
      virtualMs: world.clock.now(),
    },
    faults,
  };
}

/** The share of what should have arrived that did. */
function deliveryOf(messages: readonly Sent[], members: readonly Member[]): number {
  const arrived = latencies(messages, members).length;
  return arrived / Math.max(1, messages.length * (members.length - 1));
}

/** From sending to each arrival at these members, ms, in rising order. */
function latencies(messages: readonly Sent[], members: readonly Member[]): number[] {
  return messages
    .flatMap(({ atMs, arrivedMs }) => members.map(({ node }) => (arrivedMs.get(node) ?? Number.NaN) - atMs))
    .filter(ms => !Number.isNaN(ms))
    .sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
