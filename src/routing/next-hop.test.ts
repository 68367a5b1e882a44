import { expect, test } from 'vitest';
import { concat } from '../base/bytes.ts';
import { type Candidate, nextHop, type Quest } from './next-hop.ts';
import { prefixOf } from './prefix.ts';
import { addressOf } from './testing/test-net.ts';

const prefixes = (...hexes: string[]): Uint8Array => concat(...hexes.map(hex => prefixOf(addressOf(hex))));

function peer(hex: string, knows: readonly string[] = [], leaf: boolean = false): Candidate {
  return { address: addressOf(hex), leaf, digest: prefixes(...knows) };
}

/** First hex digit of the choice. Distances to target 0 are the digits themselves. */
function choice(candidates: readonly Candidate[], quest: Partial<Quest> & { visitedHexes?: string[] } = {}): string {
  const { visitedHexes = [], ...rest } = quest;
  const chosen = nextHop(
    { self: addressOf('8'), target: addressOf('0'), visited: prefixes(...visitedHexes), firstHop: false, ...rest },
    candidates,
  );
  return chosen === undefined ? 'nobody' : chosen.address.toString()[0]!;
}

test('nobody to ask', () => {
  expect(choice([])).toBe('nobody');
  expect(choice([], { firstHop: true })).toBe('nobody');
});

test('the nearest to the target, among those nearer than this node', () => {
  expect(choice([peer('4'), peer('2'), peer('6')])).toBe('2');
  expect(choice([peer('9'), peer('f')])).toBe('nobody');
  expect(choice([peer('7')])).toBe('7');
});

test('who starts may go farther first', () => {
  expect(choice([peer('f'), peer('9')], { firstHop: true })).toBe('9');
});

test('the target is taken at once, a leaf included', () => {
  expect(choice([peer('1'), peer('0', [], true), peer('2')])).toBe('0');
});

test('a leaf is asked for nobody but itself', () => {
  expect(choice([peer('1', [], true), peer('3')])).toBe('3');
  expect(choice([peer('1', ['0'], true)], { firstHop: true })).toBe('nobody');
});

test('a neighbour counts for the nearest that it knows', () => {
  expect(choice([peer('4'), peer('7', ['1'])])).toBe('7');
  expect(choice([peer('f', ['c', '3', 'e'])])).toBe('f'); // farther itself, makes progress by 3
  expect(choice([peer('f', ['9', 'a'])])).toBe('nobody'); // nobody it knows is nearer than 8
  expect(choice([peer('2', ['5'])])).toBe('2'); // nearer itself than whom it knows
});

test('what a neighbour knows does not count when it is this node or was asked before', () => {
  expect(choice([peer('f', ['8'])], { target: addressOf('8') })).toBe('nobody');
  expect(choice([peer('f', ['3'])], { visitedHexes: ['3'] })).toBe('nobody');
  expect(choice([peer('f', ['3', '5'])], { visitedHexes: ['3'] })).toBe('f');
});

test('who was asked before is not asked again, the target included', () => {
  expect(choice([peer('2'), peer('4')], { visitedHexes: ['2'] })).toBe('4');
  expect(choice([peer('0'), peer('4')], { visitedHexes: ['0'] })).toBe('4');
});

test('of two that reach the same node, the one that is it; else ties go to the earlier one', () => {
  expect(choice([peer('6', ['1']), peer('1'), peer('5', ['1'])])).toBe('1');
  expect(choice([peer('5', ['1']), peer('6', ['1'])])).toBe('5');
  expect(choice([peer('6', ['1']), peer('5', ['1'])])).toBe('6');
  expect(choice([peer('1'), peer('6', ['1'])])).toBe('1');
});
