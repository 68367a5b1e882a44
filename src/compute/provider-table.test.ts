import { describe, expect, it } from 'vitest';
import { ProviderRow, ProviderTable, type Standing } from './provider-table.ts';
import { testAddress } from './testing/test-network.ts';

function row(slots: number): ProviderRow<number, string> {
  const made = new ProviderRow<number, string>({ address: testAddress(1), slots });
  made.standing = { state: 'ready' };
  return made;
}

function load(of: ProviderRow<number, string>, count: number): void {
  of.inFlight.clear();
  for (let attempt = 0; attempt < count; attempt++) of.inFlight.set(attempt, 'work');
}

function candidates(...slots: readonly number[]) {
  return new Map(slots.map((count, at) => [testAddress(at).toString(), { address: testAddress(at), slots: count }]));
}

describe('ProviderRow', () => {
  it('may have one part more than slots, at least two; a claim of many is believed step by step', () => {
    expect([1, 2, 3, 4, 128].map(slots => row(slots).window)).toEqual([2, 3, 4, 4, 4]);
    const many = row(128);
    for (let answer = 0; answer < 10; answer++) many.answered();
    expect(many.window).toBe(14);
    for (let answer = 0; answer < 1_000; answer++) many.answered();
    expect(many.window).toBe(129);
  });

  it('has room and idle slots only while it is ready', () => {
    const two = row(2);
    load(two, 1);
    expect([two.hasIdleSlot, two.hasRoom]).toEqual([true, true]);
    load(two, 2);
    expect([two.hasIdleSlot, two.hasRoom]).toEqual([false, true]);
    load(two, 3);
    expect(two.hasRoom).toBe(false);
    load(two, 0);
    const standings: Standing[] = [
      { state: 'preparing', late: false },
      { state: 'preparing', late: true },
    ];
    for (const state of ['new', 'resting', 'unwilling', 'refused', 'dismissed'] as const) standings.push({ state });
    for (const standing of standings) {
      two.standing = standing;
      expect([two.hasIdleSlot, two.hasRoom]).toEqual([false, false]);
    }
  });

  it('rests twice as long with each failure in a row, and is given up at the fifth', () => {
    const failing = row(1);
    expect([1, 2, 3, 4, 5].map(() => failing.failed())).toEqual([1_000, 2_000, 4_000, 8_000, undefined]);
    const recovering = row(1);
    recovering.failed();
    recovering.failed();
    recovering.answered();
    expect(recovering.failed()).toBe(1_000);
  });

  it('shrinks to what it took when it has no slot, and grows back slowly', () => {
    const busy = row(4);
    load(busy, 3);
    expect(busy.busy()).toBe(0);
    expect(busy.window).toBe(3);
    for (let answer = 0; answer < 7; answer++) busy.answered();
    expect(busy.window).toBe(3);
    busy.answered();
    expect(busy.window).toBe(4);
  });

  it('rests when nothing of ours runs there, longer each time, never for more than 5 s', () => {
    const busy = row(1);
    expect([1, 2, 3, 4, 5, 6, 7].map(() => busy.busy())).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(busy.window).toBe(1);
  });
});

describe('ProviderTable', () => {
  it('takes in who comes, keeps who stays, hands back who left', () => {
    const table = new ProviderTable<number, string>();
    expect(table.update(candidates(1, 2))).toEqual([]);
    const [first, second] = [...table.rows()];
    expect(table.update(candidates(3))).toEqual([second]);
    expect([...table.rows()]).toEqual([first]);
    expect(first!.slots).toBe(3);
    table.update(candidates(3, 2));
    expect(table.get(second!.key)).not.toBe(second);
  });

  it('counts', () => {
    const table = new ProviderTable<number, string>();
    table.update(candidates(1, 2, 3, 4, 5));
    const [a, b, c, d] = [...table.rows()];
    a!.standing = { state: 'ready' };
    b!.standing = { state: 'preparing', late: false };
    c!.standing = { state: 'refused' };
    d!.standing = { state: 'dismissed' };
    expect([table.usable, table.ready, table.preparing, table.refused]).toEqual([3, 1, 1, 1]);
    expect([table.expectedSlots, table.windows, table.hasIdleSlot]).toEqual([2, 2, true]);
    b!.standing = { state: 'preparing', late: true };
    expect([table.preparing, table.expected, table.expectedSlots]).toEqual([1, 0, 0]);
    load(a!, 1);
    expect(table.hasIdleSlot).toBe(false);
  });

  it('knows which attempts wait behind others', () => {
    const table = new ProviderTable<number, string>();
    table.update(candidates(1, 2));
    const [a, b] = [...table.rows()];
    for (const attempt of [10, 11]) a!.inFlight.set(attempt, '');
    for (const attempt of [20, 21, 22]) b!.inFlight.set(attempt, '');
    expect([...table.waitingAttempts()]).toEqual([11, 22]);
  });
});
