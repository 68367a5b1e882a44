/** What a settler does with what a provider refuses, told by a caller that follows a script. */

import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { silentLog } from '../ports/log.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { readSettleRequest, writeSettleAnswer } from './messages.ts';
import type { OpenPurse } from './purse-box.ts';
import { type Due, Settler, type SettlerHost } from './settler.ts';

const provider = HashAddress.hash(Uint8Array.of(1));
const payee = new Uint8Array(20).fill(1);

/** A settler whose provider refuses while `code` is set; what it was sent: `prices/ended`. */
function scene(code: ErrorCode) {
  const script: { code: ErrorCode | undefined; sent: string[]; refused: number } = { code, sent: [], refused: 0 };
  const call = async (_to: HashAddress, _scope: string, body: Parameters<typeof readSettleRequest>[0]) => {
    const { accepted, ended } = readSettleRequest(body);
    script.sent.push(`${accepted.map(({ price }) => price).join()}/${ended.length}`);
    if (script.code !== undefined) throw new SeaError(script.code, 'refused');
    return writeSettleAnswer({ signature: null, unknown: accepted.map((_, place) => place), computed: [] });
  };
  const host = {
    provider,
    self: provider,
    scope: new Scope(new ManualClock()),
    caller: { call },
    random: new SeededRandom('settler'),
    payKeys: { keccak: async () => new Uint8Array(32) },
    log: silentLog,
    line: () => 4n,
    payee: () => payee,
    onRefused: () => script.refused++,
    onCheat() {},
    onSettled() {},
  } as unknown as SettlerHost;
  const spendings = { lane: () => 0, record: async () => {} };
  const chain = { id: 1n, contract: payee };
  const key = { sign: () => new Uint8Array(64) };
  const purse = { chain, payer: payee, key, spendings } as unknown as OpenPurse;
  let parts = 0;
  const due = (price: bigint): Due => ({
    subtask: new Uint8Array(16).fill(++parts),
    bundle: new Uint8Array(32),
    inputHash: Promise.resolve(new Uint8Array(32)),
    outputHash: Promise.resolve(new Uint8Array(32)),
    price,
    purse: price > 0n ? purse : undefined,
    mustBeKnown: () => false,
    onPaid() {},
  });
  return { script, settler: new Settler(host), due };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};

describe('what is refused', () => {
  it('is tried again by itself after new terms, gifts apart; after the third time it is given up, and said to be', async () => {
    const { script, settler, due } = scene('BAD_VOUCHER');
    settler.pay(due(0n));
    settler.pay(due(2n));
    await turns();
    expect([script.sent, script.refused, settler.owed]).toEqual([['0,2/0'], 1, 2n]);
    settler.pay(due(3n)); // waits
    await turns();
    for (let terms = 0; terms < 4; terms++) await expect(settler.resume()).resolves.toBeUndefined();
    expect(script.sent.slice(1)).toEqual(['2/0', '2/0', '0/0', '0/0']);
    expect([script.refused, settler.owed, settler.isIdle]).toEqual([5, 3n, false]);
    script.code = undefined;
    await settler.resume();
    await turns();
    expect(script.sent.slice(5)).toEqual(['3/2']); // nothing more comes of the other two
    expect([settler.owed, settler.isIdle]).toEqual([0n, true]);
  });

  it('for want of money is never given up: new terms are no use before it is paid', async () => {
    const { script, settler, due } = scene('PURSE_EMPTY');
    settler.pay(due(2n));
    await turns();
    const outcomes = [await settler.resume(), await settler.resume(), await settler.resume()];
    expect(outcomes.map(error => error?.code)).toEqual([undefined, 'PURSE_EMPTY', 'PURSE_EMPTY']);
    expect([script.sent.length, settler.owed, settler.isIdle]).toEqual([4, 2n, false]);
    script.code = undefined;
    await expect(settler.resume()).resolves.toBeUndefined();
    expect([settler.owed, settler.isIdle]).toEqual([0n, true]);
  });

  it('is no concern of what is settled in between or never was refused', async () => {
    const { script, settler, due } = scene('BAD_VOUCHER');
    settler.pay(due(2n));
    await turns();
    script.code = undefined;
    await settler.resume();
    settler.pay(due(2n));
    await turns();
    expect([script.sent, script.refused, settler.isIdle]).toEqual([['2/0', '2/0', '2/0'], 1, true]);
  });
});
