import { describe, expect, test } from 'vitest';
import type { Value } from '../base/cbor.ts';
import { deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import { silentLog } from '../ports/log.ts';
import { MESSAGE_BYTES_MAX } from '../routing/limits.ts';
import { addressOf, TestNet, type TestNode } from '../routing/testing/test-net.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { encodeMessage } from '../wire/codec.ts';
import type { CallMessage } from '../wire/messages.ts';
import type { Body, CallRoute, Exchange, Incoming } from './exchange.ts';
import {
  CALL_TIMEOUT_MS,
  EARLY_ITEMS_MAX,
  REMEMBERED_BYTES_MAX,
  RETRY_DELAY_MS,
  RETURN_GRACE_MS,
  RUNNING_PER_CALLER_MAX,
  UNHEARD_ITEMS_MAX,
} from './limits.ts';
import { Rpc } from './rpc.ts';

class Pair {
  readonly net: TestNet = new TestNet();
  readonly caller: TestNode;
  readonly callee: TestNode;
  /** The way between them, and one that is taken when the first is gone. */
  readonly between: TestNode;
  readonly detour: TestNode;
  readonly calls: Rpc;
  readonly answers: Rpc;
  readonly warnings: string[] = [];
  readonly routes: CallRoute[] = [];

  constructor() {
    [this.caller, this.callee] = [this.net.node('8'), this.net.node('0')];
    [this.between, this.detour] = [this.net.node('1'), this.net.node('2')];
    this.calls = this.#rpc(this.caller);
    this.answers = this.#rpc(this.callee);
  }

  static async make(): Promise<Pair> {
    const pair = new Pair();
    const { caller, callee, between, detour } = pair;
    await pair.net.link([caller, between], [between, callee], [caller, detour], [detour, callee]);
    return pair;
  }

  /** The first way breaks; both ends hear of it. */
  async breakWay(): Promise<void> {
    this.between.link(this.callee).close('CLOSED', 'test');
    this.between.link(this.caller).close('CLOSED', 'test');
    await this.net.settle();
  }

  call(scope: string, value: Value = null, options: Parameters<Rpc['call']>[3] = {}): Promise<Body> {
    return heard(this.calls.call(this.callee.address, scope, { value }, options));
  }

  open(scope: string, options: Parameters<Rpc['call']>[3] = {}): Exchange {
    const exchange = this.calls.open(this.callee.address, scope, { value: null }, options);
    void heard(exchange.result);
    return exchange;
  }

  #rpc(node: TestNode): Rpc {
    const rpc = new Rpc({
      clock: this.net.clock,
      random: new SeededRandom(node.address.toString()),
      scope: node.scope.fork(),
      log: { ...silentLog, write: (_level, message) => void this.warnings.push(message) },
      router: () => node.router,
      onRoute: route => void this.routes.push(route),
    });
    node.onPath = path => rpc.accept(path);
    return rpc;
  }
}

/** So that a rejection which comes before anybody awaits it is not reported. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const code = (expected: string): object => expect.objectContaining({ code: expected }) as object;

describe('a call', () => {
  test('gets the result, with bytes apart', async () => {
    const pair = await Pair.make();
    const payload = new Uint8Array(1_000).fill(3);
    pair.answers.handle('echo', async ({ body }) => body);
    const result = heard(pair.calls.call(pair.callee.address, 'echo', { value: { a: 1 }, payload }));
    await pair.net.settle();
    expect(await result).toEqual({ value: { a: 1 }, payload });
    expect(pair.net.pathCount()).toBe(0);
  });

  test('knows who calls, and whether that is proven', async () => {
    const pair = await Pair.make();
    const callers: [string, boolean][] = [];
    pair.answers.handle('who', async ({ caller, direct }) => {
      callers.push([caller.toString().slice(0, 1), direct]);
      return { value: null };
    });
    void pair.call('who');
    await pair.net.link([pair.caller, pair.callee]);
    void pair.call('who');
    await pair.net.settle();
    expect(callers).toEqual([
      ['8', false],
      ['8', true],
    ]);
  });

  test('tells which way it took, and how long that was in the making', async () => {
    const pair = await Pair.make();
    const { callee, between, net } = pair;
    pair.answers.handle('echo', async ({ body }) => body);
    net.frozen.add(callee);
    void pair.call('echo');
    await net.settle();
    expect(pair.routes).toEqual([]);
    net.frozen.delete(callee);
    net.clock.pass(31);
    void pair.calls.call(addressOf('03'), 'echo', { value: null }, { nearest: true });
    await net.settle();
    const hops = [between.address.toString().slice(0, 16)];
    const asked = addressOf('03');
    expect(pair.routes).toEqual([{ scope: 'echo', asked, target: callee.address, hops, tookMs: 0 }]);
    await net.link([pair.caller, callee]);
    void pair.call('echo');
    net.clock.pass(7);
    await net.settle();
    expect(pair.routes.at(-1)).toEqual({
      scope: 'echo',
      asked: callee.address,
      target: callee.address,
      hops: [],
      tookMs: 7,
    });
  });

  test('to oneself works without the sea', async () => {
    const pair = new Pair();
    pair.calls.handle('own', async ({ body }) => body);
    const own = heard(pair.calls.call(pair.caller.address, 'own', { value: 5 }));
    await pair.net.settle();
    expect(await own).toEqual({ value: 5 });
  });

  test('to nobody: NO_ROUTE after a few tries; within the deadline', async () => {
    const pair = await Pair.make();
    const lost = heard(pair.calls.call(addressOf('7'), 'any', { value: null }));
    for (let i = 0; i < 8; i++) await pair.net.pass(RETRY_DELAY_MS);
    await expect(lost).rejects.toEqual(code('NO_ROUTE'));
  });

  test('without a handler, and with one that throws', async () => {
    const pair = await Pair.make();
    pair.answers.handle('sea error', async () => {
      throw new SeaError('DECLINED', 'no');
    });
    pair.answers.handle('plain error', async () => {
      throw new Error('a secret');
    });
    pair.answers.handle('thrown at once', () => {
      throw new TypeError('a bug');
    });
    const failures = ['nothing', 'sea error', 'plain error', 'thrown at once'].map(scope => pair.call(scope));
    await pair.net.settle();
    const reasons = await Promise.all(failures.map(call => call.catch((error: SeaError) => error)));
    expect(reasons.map(reason => (reason as SeaError).code)).toEqual([
      'NO_HANDLER',
      'DECLINED',
      'HANDLER_FAILED',
      'HANDLER_FAILED',
    ]);
    const where = `${pair.callee.address.toString().slice(0, 8)}…`;
    expect((reasons[0] as SeaError).message).toBe(`NO_HANDLER: nobody handles "nothing" at ${where}`);
    expect((reasons[2] as SeaError).message).toBe(`HANDLER_FAILED: the handler of "plain error" failed at ${where}`);
    expect(reasons.some(reason => String(reason).includes('secret'))).toBe(false); // text stays where it is
    expect(pair.warnings.length).toBe(2);
  });

  test('that cannot be sent is refused before anything is', async () => {
    const pair = await Pair.make();
    const refused = [
      [pair.call(''), 'BAD_ARGUMENT'],
      [pair.call('x'.repeat(129)), 'BAD_ARGUMENT'],
      [pair.call('x', Number.NaN), 'BAD_ARGUMENT'],
      [pair.call('x', null, { timeoutMs: -1 }), 'BAD_ARGUMENT'],
      [pair.call('x', null, { timeoutMs: Number.NaN }), 'BAD_ARGUMENT'],
      [pair.call('x', null, { timeoutMs: 3_600_001 }), 'BAD_ARGUMENT'],
      [
        heard(pair.calls.call(pair.callee.address, 'x', { value: null, payload: new Uint8Array(MESSAGE_BYTES_MAX) })),
        'TOO_LARGE',
      ],
    ] as const;
    for (const [call, expected] of refused) await expect(call).rejects.toEqual(code(expected));
    expect(pair.net.story()).toEqual([]);
  });

  test('with a fraction of a millisecond is rounded up, not refused by the callee', async () => {
    const pair = await Pair.make();
    pair.answers.handle('echo', async ({ body }) => body);
    const call = pair.call('echo', 1, { timeoutMs: 99.5 });
    await pair.net.settle();
    expect(await call).toEqual({ value: 1 });
  });

  test('whose result cannot be sent fails with its reason', async () => {
    const pair = await Pair.make();
    pair.answers.handle('large', async () => ({ value: null, payload: new Uint8Array(MESSAGE_BYTES_MAX) }));
    pair.answers.handle('unfit', async () => ({ value: Number.POSITIVE_INFINITY }));
    const [large, unfit] = [pair.call('large'), pair.call('unfit')];
    await pair.net.settle();
    await expect(large).rejects.toEqual(code('TOO_LARGE'));
    await expect(unfit).rejects.toEqual(code('BAD_ARGUMENT'));
  });
});

describe('the end of a call', () => {
  /** A handler that never answers, and what its signal said. */
  async function stuck(): Promise<{ pair: Pair; reasons: string[] }> {
    const pair = await Pair.make();
    const reasons: string[] = [];
    pair.answers.handle('stuck', ({ signal }) => {
      signal.addEventListener('abort', () => reasons.push((signal.reason as SeaError).code));
      return deferred<Body>().promise;
    });
    return { pair, reasons };
  }

  test('by deadline: TIMEOUT here, the signal fires there', async () => {
    const { pair, reasons } = await stuck();
    const call = pair.call('stuck', null, { timeoutMs: 1_000 });
    const usual = pair.call('stuck');
    await pair.net.pass(999);
    expect(reasons).toEqual([]);
    await pair.net.pass(1);
    await expect(call).rejects.toEqual(code('TIMEOUT'));
    expect(reasons).toEqual(['TIMEOUT']);
    await pair.net.pass(CALL_TIMEOUT_MS - 1_000);
    await expect(usual).rejects.toEqual(code('TIMEOUT'));
    expect(pair.net.pathCount()).toBe(0);
  });

  test('by the caller: cancel, or an abort signal, before or during', async () => {
    const { pair, reasons } = await stuck();
    const exchange = pair.open('stuck');
    const controller = new AbortController();
    const call = pair.call('stuck', null, { signal: controller.signal });
    await pair.net.settle();
    exchange.cancel();
    exchange.cancel();
    controller.abort();
    await pair.net.settle();
    await expect(exchange.result).rejects.toEqual(code('ABORTED'));
    await expect(call).rejects.toEqual(code('ABORTED'));
    expect(reasons).toEqual(['ABORTED', 'ABORTED']);
    pair.net.story();
    await expect(pair.call('stuck', null, { signal: controller.signal })).rejects.toEqual(code('ABORTED'));
    expect(pair.net.story()).toEqual([]);
    expect(pair.net.pathCount()).toBe(0);
  });

  test('by going offline, on either side', async () => {
    const { pair, reasons } = await stuck();
    const call = pair.call('stuck');
    await pair.net.settle();
    pair.callee.scope.close();
    expect(reasons).toEqual(['CLOSED']);
    pair.caller.scope.close();
    await expect(call).rejects.toEqual(code('CLOSED'));
    await expect(pair.call('stuck')).rejects.toEqual(code('CLOSED'));
  });

  test('a caller that does not come back in time', async () => {
    const { pair, reasons } = await stuck();
    void pair.call('stuck');
    await pair.net.settle();
    pair.caller.scope.close(); // nobody tries again
    pair.net.frozen.add(pair.caller);
    await pair.breakWay();
    await pair.net.pass(RETURN_GRACE_MS - 1);
    expect(reasons).toEqual([]);
    await pair.net.pass(1);
    expect(reasons).toEqual(['PEER_GONE']);
  });

  test('leaves no timer behind', async () => {
    const pair = await Pair.make();
    pair.answers.handle('echo', async ({ body }) => body);
    const before = pair.net.clock.waiting;
    const call = pair.call('echo');
    await pair.net.settle();
    await call;
    expect(pair.net.clock.waiting).toBe(before);
  });
});

describe('at most once', () => {
  test('a broken path: the caller comes back, the work goes on and is done once', async () => {
    const pair = await Pair.make();
    const work = deferred<Body>();
    let runs = 0;
    pair.answers.handle('work', () => {
      runs++;
      return work.promise;
    });
    const call = pair.call('work');
    await pair.net.settle();
    await pair.breakWay();
    await pair.net.pass(RETRY_DELAY_MS);
    work.resolve({ value: 'done' });
    await pair.net.settle();
    expect(await call).toEqual({ value: 'done' });
    expect(runs).toBe(1);
    expect(pair.net.pathCount()).toBe(0);
  });

  test('an answer that was lost is given again from memory, or said to be lost when it was large', async () => {
    const pair = await Pair.make();
    let runs = 0;
    pair.answers.handle('small', async () => ({ value: ++runs }));
    pair.answers.handle('large', async () => ({
      value: ++runs,
      payload: new Uint8Array(REMEMBERED_BYTES_MAX / 16),
    }));
    pair.net.lose = ({ from, message }) => from === pair.between && message.kind === 'data';
    const small = pair.call('small');
    const large = pair.call('large');
    await pair.net.settle();
    pair.net.lose = () => false;
    await pair.breakWay();
    await pair.net.pass(RETRY_DELAY_MS);
    expect(await small).toEqual({ value: 1 });
    await expect(large).rejects.toEqual(code('REPLAYED'));
    expect(runs).toBe(2);
  });

  test('what the callee said before the break is said again to a caller that heard none of it', async () => {
    const pair = await Pair.make();
    const lines: Incoming[] = [];
    pair.answers.handle('talk', incoming => {
      lines.push(incoming);
      incoming.send({ value: 'agreed' });
      return deferred<Body>().promise;
    });
    pair.net.lose = ({ from, message }) => from === pair.between && message.kind === 'data';
    const items: Value[] = [];
    pair.open('talk', { onItem: ({ value }) => items.push(value) });
    await pair.net.settle();
    pair.net.lose = () => false;
    await pair.breakWay();
    await pair.net.pass(RETRY_DELAY_MS);
    expect(items).toEqual(['agreed']);
    lines[0]!.send({ value: 'more' });
    await pair.net.settle();
    expect(items).toEqual(['agreed', 'more']);
    expect(lines.length).toBe(1);
  });

  test('when it has said more than can be said again, the caller hears REPLAYED', async () => {
    const pair = await Pair.make();
    pair.answers.handle('talk', incoming => {
      for (let i = 0; i <= UNHEARD_ITEMS_MAX; i++) incoming.send({ value: i });
      return deferred<Body>().promise;
    });
    pair.net.lose = ({ from, message }) => from === pair.between && message.kind === 'data';
    const { result } = pair.open('talk');
    await pair.net.settle();
    pair.net.lose = () => false;
    await pair.breakWay();
    await pair.net.pass(RETRY_DELAY_MS);
    await expect(result).rejects.toEqual(code('REPLAYED'));
  });

  test('a call with a conversation is not repeated', async () => {
    const pair = await Pair.make();
    let runs = 0;
    pair.answers.handle('talk', incoming => {
      runs++;
      incoming.send({ value: 1 });
      return deferred<Body>().promise;
    });
    pair.answers.handle('listen', () => {
      runs++;
      return deferred<Body>().promise;
    });
    const talk = pair.open('talk');
    const listen = pair.open('listen');
    listen.send({ value: 2 });
    await pair.net.settle();
    await pair.breakWay();
    await pair.net.pass(RETRY_DELAY_MS);
    await expect(talk.result).rejects.toEqual(code('PEER_GONE'));
    await expect(listen.result).rejects.toEqual(code('PEER_GONE'));
    expect(runs).toBe(2);
  });

  test('the same id from another caller is another call', async () => {
    const pair = await Pair.make();
    let runs = 0;
    pair.answers.handle('count', async () => ({ value: ++runs }));
    const call = encodeMessage({ kind: 'call', callId: new Uint8Array(16), scope: 'count', timeoutMs: 1, value: null });
    const silent = { onMessage() {}, onEnd() {} };
    pair.caller.router.open(pair.callee.address, {}, call, silent);
    pair.between.router.open(pair.callee.address, {}, call, silent);
    pair.caller.router.open(pair.callee.address, {}, call, silent);
    await pair.net.settle();
    expect(runs).toBe(2);
  });
});

describe('items', () => {
  test('go both ways, in order, before the result', async () => {
    const pair = await Pair.make();
    pair.answers.handle('sum', incoming => {
      const done = deferred<Body>();
      let sum = 0;
      incoming.onItem(({ value, payload }) => {
        if (value === 'end') return done.resolve({ value: sum });
        sum += (value as number) + (payload?.length ?? 0);
        incoming.send({ value: sum });
      });
      return done.promise;
    });
    const sums: Value[] = [];
    const exchange = pair.open('sum', { onItem: ({ value }) => sums.push(value) });
    exchange.send({ value: 1 });
    exchange.send({ value: 2, payload: new Uint8Array(100_000) });
    exchange.send({ value: 3 });
    exchange.send({ value: 'end' });
    await pair.net.settle();
    expect(await exchange.result).toEqual({ value: 100_006 });
    expect(sums).toEqual([1, 100_003, 100_006]);
    exchange.send({ value: 9 }); // over: dropped
    await pair.net.settle();
    expect(pair.net.pathCount()).toBe(0);
  });

  test('wait for a handler that listens later, up to a bound', async () => {
    const pair = await Pair.make();
    const incoming: Incoming[] = [];
    pair.answers.handle('late', call => {
      incoming.push(call);
      return deferred<Body>().promise;
    });
    const [fits, spills] = [pair.open('late'), pair.open('late')];
    for (let i = 0; i < EARLY_ITEMS_MAX; i++) fits.send({ value: i });
    for (let i = 0; i <= EARLY_ITEMS_MAX; i++) spills.send({ value: i });
    await pair.net.settle();
    await expect(spills.result).rejects.toEqual(code('OVERLOADED'));
    expect(incoming.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    const got: Value[] = [];
    incoming[0]!.onItem(({ value }) => got.push(value));
    expect(got).toEqual(Array.from({ length: EARLY_ITEMS_MAX }, (_, i) => i));
  });

  test('of a caller are taken up to a budget in bytes, and again when its calls are done', async () => {
    const pair = await Pair.make();
    const incoming: Incoming[] = [];
    const answer = deferred<Body>();
    pair.answers.handle('slow', call => {
      incoming.push(call);
      return answer.promise;
    });
    const large = { value: null, payload: new Uint8Array(31 * 1_048_576) };
    const call = (): Promise<Body> => heard(pair.calls.call(pair.callee.address, 'slow', large));
    const first = call();
    await pair.net.settle();
    const second = call();
    await pair.net.settle();
    const third = call();
    await pair.net.settle();
    await expect(third).rejects.toEqual(code('OVERLOADED'));
    const small = pair.open('slow');
    small.send(large);
    await pair.net.settle();
    await expect(small.result).rejects.toEqual(code('OVERLOADED'));
    expect(incoming.map(({ signal }) => signal.aborted)).toEqual([false, false, true]);

    answer.resolve({ value: 'done' });
    await pair.net.settle();
    for (const done of [first, second]) expect((await done).value).toBe('done');
    const again = call();
    await pair.net.settle();
    expect((await again).value).toBe('done');
  });

  test('given while no path stands go out with the next one', async () => {
    const pair = new Pair(); // no links yet
    const got: Value[] = [];
    pair.answers.handle('listen', incoming => {
      incoming.onItem(({ value }) => got.push(value));
      return deferred<Body>().promise;
    });
    const exchange = pair.open('listen');
    exchange.send({ value: 'early' });
    const { caller, between, callee } = pair;
    await pair.net.link([caller, between], [between, callee]);
    await pair.net.pass(RETRY_DELAY_MS);
    exchange.send({ value: 'later' });
    await pair.net.settle();
    expect(got).toEqual(['early', 'later']);
  });

  test('a listener that throws ends its own call and nothing else', async () => {
    const pair = await Pair.make();
    const aborted: boolean[] = [];
    pair.answers.handle('talk', incoming => {
      incoming.signal.addEventListener('abort', () => aborted.push(true));
      incoming.send({ value: 1 });
      return deferred<Body>().promise;
    });
    const exchange = pair.open('talk', {
      onItem: () => {
        throw new SeaError('DECLINED', 'enough');
      },
    });
    await pair.net.settle();
    await expect(exchange.result).rejects.toEqual(code('DECLINED'));
    expect(aborted).toEqual([true]);
    expect(pair.caller.offences).toEqual([]);

    pair.answers.handle('listen', incoming => {
      incoming.signal.addEventListener('abort', () => aborted.push(true));
      incoming.onItem(() => {
        throw new SeaError('BAD_MESSAGE', 'unfit item');
      });
      return deferred<Body>().promise;
    });
    const other = pair.open('listen');
    other.send({ value: 1 });
    await pair.net.settle();
    await expect(other.result).rejects.toEqual(code('BAD_MESSAGE'));
    expect(aborted).toEqual([true, true]);
  });
});

describe('strangers', () => {
  /** Sends raw messages on a path of their own; what comes back, as codes of how it ended. */
  async function told(pair: Pair, ...messages: (CallMessage | Uint8Array)[]): Promise<string | undefined> {
    const [first, ...rest] = messages.map(message =>
      message instanceof Uint8Array ? message : encodeMessage(message),
    ) as [Uint8Array, ...Uint8Array[]];
    let ended: string | undefined;
    const path = pair.caller.router.open(pair.callee.address, {}, first, {
      onMessage() {},
      onEnd: error => {
        ended = error?.code;
      },
    });
    for (const message of rest) path.send(message);
    await pair.net.settle();
    return ended;
  }

  test('what is no call ends its path with BAD_MESSAGE', async () => {
    const pair = await Pair.make();
    let fired = 0;
    pair.answers.handle('stuck', ({ signal }) => {
      signal.addEventListener('abort', () => fired++);
      return deferred<Body>().promise;
    });
    const call = (id: number): CallMessage => ({
      kind: 'call',
      callId: new Uint8Array(16).fill(id),
      scope: 'stuck',
      timeoutMs: 60_000,
      value: null,
    });
    expect(await told(pair, new Uint8Array(0))).toBe('BAD_MESSAGE');
    expect(await told(pair, Uint8Array.of(0, 0, 0, 1, 0xff))).toBe('BAD_MESSAGE');
    expect(await told(pair, { kind: 'item', value: 1 })).toBe('BAD_MESSAGE');
    expect(await told(pair, { kind: 'result', value: 1 })).toBe('BAD_MESSAGE');
    expect(await told(pair, call(1), call(2))).toBe('BAD_MESSAGE');
    expect(await told(pair, call(3), { kind: 'failure', code: 1 })).toBe('BAD_MESSAGE');
    expect(fired).toBe(2); // the two that had begun were stopped
    expect(pair.net.pathCount()).toBe(0);
  });

  test('an answer that is none fails the call', async () => {
    const pair = await Pair.make();
    const answers: Uint8Array[] = [
      Uint8Array.of(1, 2, 3),
      encodeMessage({ kind: 'call', callId: new Uint8Array(16), scope: 'x', timeoutMs: 1, value: null }),
    ];
    for (const answer of answers) {
      pair.callee.onPath = path => ({ onMessage: () => path.send(answer), onEnd() {} });
      const call = pair.call('any');
      await pair.net.settle();
      await expect(call).rejects.toEqual(code('BAD_MESSAGE'));
    }
    pair.callee.onPath = path => ({ onMessage: () => path.end(), onEnd() {} });
    const call = pair.call('any', null, { timeoutMs: 100 });
    await pair.net.pass(100);
    await expect(call).rejects.toEqual(code('TIMEOUT')); // it hung up without a word: tried again until the deadline
    pair.callee.onPath = path => ({
      onMessage: () => path.send(encodeMessage({ kind: 'failure', code: 9_999 }), true),
      onEnd() {},
    });
    const unknown = pair.call('any');
    await pair.net.settle();
    await expect(unknown).rejects.toEqual(code('HANDLER_FAILED')); // a code of a later version
  });

  test('more calls at once than one caller may have are refused, others are not', async () => {
    const pair = await Pair.make();
    const running: ((body: Body) => void)[] = [];
    pair.answers.handle('stuck', () => {
      const { promise, resolve } = deferred<Body>();
      running.push(resolve);
      return promise;
    });
    const calls = Array.from({ length: RUNNING_PER_CALLER_MAX + 1 }, () => pair.call('stuck'));
    await pair.net.settle();
    await expect(calls.at(-1)).rejects.toEqual(code('OVERLOADED'));
    expect(running.length).toBe(RUNNING_PER_CALLER_MAX);
    running[0]!({ value: null });
    await pair.net.settle();
    const next = pair.call('stuck');
    await pair.net.settle();
    expect(running.length).toBe(RUNNING_PER_CALLER_MAX + 1);
    running.at(-1)!({ value: 'in' });
    await pair.net.settle();
    expect(await next).toEqual({ value: 'in' });
  });
});

test('a scope has one handler, until it is given back', async () => {
  const pair = await Pair.make();
  const release = pair.answers.handle('one', async () => ({ value: 1 }));
  expect(() => pair.answers.handle('one', async () => ({ value: 2 }))).toThrow(code('BAD_ARGUMENT'));
  expect(() => pair.answers.handle('', async () => ({ value: 2 }))).toThrow(code('BAD_ARGUMENT'));
  release();
  pair.answers.handle('one', async () => ({ value: 3 }));
  release(); // of the first: does not take the second's place away
  const call = pair.call('one');
  await pair.net.settle();
  expect(await call).toEqual({ value: 3 });
});
