/** A channel whose members die, fall silent, lose the sea for a while, or are more than one can have as partners. */

import { expect, test, vi } from 'vitest';
import { SimCrypto } from '../sim/sim-crypto.ts';
import { PARTNERS_MAX } from './limits.ts';
import { enter, seaOf, settle } from './testing/channel-world.ts';

const values = (heard: readonly string[]): string[] => heard.map(text => text.split(': ')[1]!).sort();

test('members that die in mid-stream cost the others nothing, and are forgotten', async () => {
  const world = await seaOf(12);
  const members = world.nodes.slice(1).map(node => enter(world, node));
  await settle(world, members);
  const [speaker, ...others] = members;
  await speaker!.chan.send('talk', '0');
  await world.run(3_000);
  const dead = others.splice(0, 4);
  for (const [i, { node }] of dead.entries()) {
    if (i % 2 === 0) world.network.kill(node.host);
    else node.host.state = 'silent';
    await speaker!.chan.send('talk', `${i + 1}`);
    await world.run(400);
  }
  await world.run(4_000);
  for (const { heard } of others) expect(values(heard)).toEqual(['0', '1', '2', '3', '4']);
  await world.run(150_000);
  for (const { chan } of [speaker!, ...others]) expect(chan.members().length).toBe(others.length);
  await world.end();
});

test('who loses the sea for a moment hears afterwards what was said meanwhile', async () => {
  const world = await seaOf(8);
  const members = world.nodes.slice(1).map(node => enter(world, node));
  await settle(world, members);
  const [speaker, away, ...others] = members;
  await away!.node.sea.goOffline();
  await world.run(500);
  expect(away!.chan.connected()).toBe(false);
  await speaker!.chan.send('talk', 'missed');
  await world.run(3_000);
  await world.until(away!.node.sea.goOnline(['ws://bootstrap']), 60_000);
  await world.run(20_000);
  for (const { heard } of [away!, ...others]) expect(values(heard)).toEqual(['missed']);
  expect(away!.events).toEqual(['connect', 'disconnect', 'connect']);
  await world.end();
});

test('who reloads under the same key hears what is said from then on, and nothing twice', async () => {
  const world = await seaOf(6);
  const [speaker, ...others] = world.nodes.slice(1).map(node => enter(world, node));
  const keptKey = vi.spyOn(SimCrypto.prototype, 'keptKey');
  const tab = await world.addNode();
  keptKey.mockReturnValueOnce(keptKey.mock.results[0]!.value);
  await world.until(tab.sea.goOnline(['ws://bootstrap']), 60_000);
  const before = enter(world, tab);
  await settle(world, [speaker!, ...others, before]);
  await before.chan.send('talk', 'mine');
  await speaker!.chan.send('talk', 'theirs');
  await world.run(2_000);
  await tab.sea.close();
  const reloaded = await world.addNode();
  keptKey.mockRestore();
  expect(reloaded.sea.localId()).toEqual(tab.sea.localId());
  const after = enter(world, reloaded);
  await world.until(reloaded.sea.goOnline(['ws://bootstrap']), 60_000);
  for (let i = 0; i < 30; i++) {
    await speaker!.chan.send('talk', `${i}`);
    await world.run(1_000);
  }
  const { heard } = after;
  expect([before.heard.length, new Set(heard).size]).toEqual([1, heard.length]);
  expect(values(heard)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`).sort()); // from its joining on
  await world.end();
});

test('a channel of more members than one can have as partners is one channel', async () => {
  const count = PARTNERS_MAX + 20;
  const world = await seaOf(count);
  const members = world.nodes.map(node => enter(world, node));
  await world.run(40_000);
  const [first, ...others] = members;
  await first!.chan.send('talk', 'all');
  others.at(-1)!.chan.serve('rare', () => 'found');
  await world.run(5_000);
  expect(others.filter(({ heard }) => heard.length !== 1)).toEqual([]);
  for (const member of members.slice(0, -1))
    expect(await world.until(member.chan.sendAny('rare'), 20_000)).toBe('found');
  await world.end();
}, 120_000);
