/**
 * A counter that every tab may raise, with no tab in charge: each member has a number that only it raises, the sum is
 * the counter, and two states merge by taking the larger number of each member. Merging twice, or late, does no harm, so
 * it does not matter in which order messages come, or that one was lost: each carries the whole state, and whoever hears
 * one that lacks something answers with its own. A newcomer just says the little that it knows.
 */

import { type Argument, createSea } from 'peersea';

const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const bootstraps = new URLSearchParams(location.search).getAll('bootstrap');
if (bootstraps.length === 0) bootstraps.push('ws://127.0.0.1:4600/sea');
const MEMBERS_MAX = 1_000;

const say = (text: string): void => find('state').replaceChildren(text);
say(`Joining by ${bootstraps.join(' or ')} …`);

// A passing identity: after a reload this tab is a new member, so it never counts from 0 again under an old name.
const sea = await createSea({ identity: 'passing' });
const self = sea.localId().toString();
const counts = new Map<string, number>([[self, 0]]);
const channel = sea.join('peersea-example-counter');

/** A state is a list of pairs: a member's address and its number. */
function isState(value: Argument): value is [string, number][] {
  return Array.isArray(value) && value.length <= MEMBERS_MAX && value.every(isPair);
}

function isPair(pair: Argument): boolean {
  if (!Array.isArray(pair)) return false;
  const [member, count] = pair;
  return typeof member === 'string' && /^[0-9a-f]{64}$/.test(member) && Number.isSafeInteger(count) && count >= 0;
}

function merge(state: readonly [string, number][]): void {
  for (const [member, count] of state) {
    const known = counts.get(member);
    if (known === undefined && counts.size >= MEMBERS_MAX) continue;
    counts.set(member, Math.max(known ?? 0, count));
  }
  show();
}

function show(): void {
  find('sum').textContent = String([...counts.values()].reduce((sum, count) => sum + count, 0));
  find('own').textContent = String(counts.get(self));
  const others = channel.members().length;
  say(sea.online() ? `Online, with ${others} other${others === 1 ? '' : 's'}` : 'Offline');
}

/** Nothing is lost when this fails: the next state that is sent says it all. */
function tell(): void {
  const state = [...counts].filter(([, count]) => count > 0);
  channel.send('state', state).catch(error => console.warn(error.message));
}

function covers(state: readonly [string, number][]): boolean {
  const said = new Map(state);
  return [...counts].every(([member, count]) => (said.get(member) ?? 0) >= count);
}

channel.validate('state', isState); // a message that fails here is not passed on either
let answer: ReturnType<typeof setTimeout> | undefined;
channel.on('state', value => {
  if (!isState(value)) return;
  merge(value);
  clearTimeout(answer); // one member's answer is enough: each waits a moment of its own for another's
  if (!covers(value) && counts.size < MEMBERS_MAX) answer = setTimeout(tell, 1_000 * Math.random());
});
channel.on('connect', tell);
channel.on('member', show);
sea.on('online', show);
sea.on('offline', show);

find('add').addEventListener('click', () => {
  counts.set(self, counts.get(self)! + 1);
  show();
  tell();
});

await sea
  .goOnline(bootstraps, { timeoutMs: 20_000 })
  .catch(() => say(`Offline: no way in at ${bootstraps.join(', ')}`));
