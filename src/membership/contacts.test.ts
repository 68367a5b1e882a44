import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { Contacts } from './contacts.ts';
import { CONTACTS_MAX, REDIAL_MS, REDIAL_MS_MAX } from './limits.ts';

const address = (n: number): HashAddress => HashAddress.from(n.toString(16).padStart(64, '0'));
const self = address(0);
const info = (n: number, leaf: boolean = false): { address: HashAddress; leaf: boolean } => ({
  address: address(n),
  leaf,
});

function contacts(): { clock: ManualClock; known: Contacts; ready: () => number[] } {
  const clock = new ManualClock();
  const known = new Contacts(clock, self);
  const ready = (): number[] => [...known.ready()].map(contact => Number.parseInt(contact.address.toString(), 16));
  return { clock, known, ready };
}

test('a peer is learnt once, this node never', () => {
  const { known, ready } = contacts();
  expect(known.learn(info(1), address(9))).toBe(true);
  expect(known.learn(info(1, true), address(8))).toBe(false);
  expect(known.learn(info(0), undefined)).toBe(false);
  expect(ready()).toEqual([1]);
  const [contact] = known;
  expect(contact).toMatchObject({ leaf: true, failures: 0 });
  expect(contact!.via?.equals(address(8))).toBe(true);
});

test('a failed dial waits, twice as long each time, and is given up at last', () => {
  const { clock, known, ready } = contacts();
  known.learn(info(1), undefined);
  for (let waitMs = REDIAL_MS; waitMs <= REDIAL_MS_MAX; waitMs *= 2) {
    known.failed(address(1));
    clock.pass(waitMs - 1);
    expect(ready()).toEqual([]);
    clock.pass(1);
    expect(ready()).toEqual([1]);
  }
  known.failed(address(1));
  expect(known.size).toBe(0);
  known.failed(address(2)); // unknown: nothing happens
});

test('hearing of a peer again does not shorten its wait, a link does', () => {
  const { known, ready } = contacts();
  known.learn(info(1), undefined);
  known.failed(address(1));
  known.learn(info(1), address(9));
  expect(ready()).toEqual([]);
  known.reached(address(1));
  expect(ready()).toEqual([1]);
  expect([...known][0]!.failures).toBe(0);
});

test('the longest unheard of makes room', () => {
  const { known } = contacts();
  for (let n = 1; n <= CONTACTS_MAX; n++) known.learn(info(n), undefined);
  known.learn(info(1), undefined); // heard of again: 2 is now the oldest
  known.learn(info(CONTACTS_MAX + 1), undefined);
  expect(known.size).toBe(CONTACTS_MAX);
  const held = new Set([...known].map(contact => contact.address.toString()));
  expect(held.has(address(1).toString())).toBe(true);
  expect(held.has(address(2).toString())).toBe(false);
  expect(held.has(address(CONTACTS_MAX + 1).toString())).toBe(true);
});

test('one can be forgotten', () => {
  const { known } = contacts();
  known.learn(info(1), undefined);
  known.forget(address(1));
  known.forget(address(1));
  expect(known.size).toBe(0);
});
