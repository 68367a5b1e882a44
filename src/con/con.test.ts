/** Cons between production nodes on virtual time: values once and in order, over outages, relayed and direct. */

import { describe, expect, it } from 'vitest';
import type { Argument } from '../rpc/arguments.ts';
import type { SimChannel } from '../sim/sim-channel.ts';
import type { Reachability } from '../sim/wires.ts';
import type { Con } from './con.ts';
import { type ConWorld, conWorld, heard, openCon, routeWords } from './testing/con-world.ts';

function collect(con: Con, scope = 'n'): Argument[] {
  const values: Argument[] = [];
  con.on(scope, value => void values.push(value));
  return values;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a con', () => {
  it('opens at once for the application, carries values both ways, and ends for both', async () => {
    const sea = await conWorld('both ways');
    const answered: Con[] = [];
    sea.b.sea.on('connection', con => {
      answered.push(con);
      con.on('hello', value => void con.send('answer', ['got', value ?? null]));
    });
    const con = sea.a.sea.connect(sea.b.sea.localId());
    expect([con.connected(), con.route().kind]).toEqual([false, 'none']);
    expect(con.remoteId().equals(sea.b.sea.localId())).toBe(true);
    const words = heard(con);
    const answers = collect(con, 'answer');
    void con.send('hello', { a: [1, 2.5, 'x'], at: sea.a.sea.localId(), bytes: new Uint8Array([1, 2, 3]) });
    await sea.world.run(2_000);
    expect(answers).toEqual([['got', { a: [1, 2.5, 'x'], at: sea.a.sea.localId(), bytes: new Uint8Array([1, 2, 3]) }]]);
    expect(words).toContain('connect');
    expect(routeWords(con.route())).toBe('direct webrtc');
    expect([con.connected(), answered.length, answered[0]!.connected()]).toEqual([true, 1, true]);
    const ends = heard(answered[0]!);
    con.disconnect();
    con.disconnect();
    await sea.world.run(1_000);
    expect([words.at(-1), ends.at(-1)]).toEqual(['disconnect wanted', 'disconnect wanted']);
    expect([con.connected(), answered[0]!.connected()]).toEqual([false, false]);
    await expect(con.send('hello', 1)).rejects.toMatchObject({ code: 'CLOSED' });
    await sea.world.end();
  });

  it('ends for both when the side that was called disconnects', async () => {
    const sea = await conWorld('called side');
    const [con, other] = await openCon(sea);
    const words = heard(con);
    void other.send('n', 'last');
    const values = collect(con);
    other.disconnect();
    await sea.world.run(1_000);
    expect(values).toEqual(['last']);
    expect(words).toEqual(['disconnect wanted']);
    await sea.world.end();
  });

  it('is refused where nobody takes cons, and where nobody is', async () => {
    const sea = await conWorld('refused');
    const words = heard(sea.a.sea.connect(sea.b.sea.localId()));
    await sea.world.run(3_000);
    expect(words).toEqual(['disconnect NO_HANDLER']);
    const nobody = heard(sea.a.sea.connect(sea.a.sea.localId().flipBitRandomise(0, sea.world.random)));
    await sea.world.run(40_000);
    expect(nobody).toEqual(['disconnect NO_ROUTE']);
    expect(() => sea.a.sea.connect(sea.a.sea.localId())).toThrow(expect.objectContaining({ code: 'SELF_LINK' }));
    await sea.world.end();
  });

  it('refuses what cannot travel, names of events, and what is too large', async () => {
    const sea = await conWorld('unfit');
    const [con] = await openCon(sea);
    for (const scope of ['connect', 'disconnect', 'route', 'stream', 'x'.repeat(129)])
      await expect(con.send(scope, 1)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(con.send('n', Number.NaN)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(con.send('n', new Uint8Array(4_194_305))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(() => con.stream('x'.repeat(129))).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    expect(con.connected()).toBe(true);
    await sea.world.end();
  });

  it('keeps values for scopes to which nobody listens yet', async () => {
    const sea = await conWorld('early');
    const [con, other] = await openCon(sea);
    for (const i of upTo(20)) void con.send(i % 2 === 0 ? 'even' : 'odd', i);
    await sea.world.run(1_000);
    expect(collect(other, 'odd')).toEqual(upTo(20).filter(i => i % 2 === 1));
    expect(collect(other, 'even')).toEqual(upTo(20).filter(i => i % 2 === 0));
    await sea.world.end();
  });

  it('holds back a sender that waits, and refuses one that does not', async () => {
    const sea = await conWorld('room');
    const [con, other] = await openCon(sea);
    const values = collect(other);
    sea.world.network.reachable = () => false;
    const block = new Uint8Array(1_048_576);
    let sent = 0;
    const sending = (async () => {
      for (let i = 0; i < 20; i++) {
        await con.send('n', block);
        sent++;
      }
    })();
    await sea.world.run(3_000);
    expect(sent).toBe(7); // the eighth fills 8 MiB and waits
    for (let i = 0; i < 8; i++) void con.send('m', block);
    await expect(con.send('m', 1)).rejects.toMatchObject({ code: 'OVERLOADED' });
    sea.world.network.reachable = () => true;
    await sea.world.until(sending, 60_000);
    await sea.world.run(2_000);
    expect(values.length).toBe(20);
    await sea.world.end();
  });
});

describe('a con whose way is lost', () => {
  /** Sends a number every 50 ms each way while `trouble` runs; everything must arrive once and in order. */
  async function through(sea: ConWorld, trouble: (words: string[]) => Promise<void>): Promise<string[]> {
    const [con, other] = await openCon(sea);
    const words = heard(con);
    const [there, back] = [collect(other), collect(con)];
    let count = 0;
    let over = false;
    const tick = (): void => {
      if (over) return;
      void con.send('n', count);
      void other.send('n', count++);
      sea.world.clock.after(50, tick);
    };
    tick();
    await trouble(words);
    over = true;
    await sea.world.run(10_000);
    expect(there).toEqual(upTo(count));
    expect(back).toEqual(upTo(count));
    expect([con.connected(), other.connected()]).toEqual([true, true]);
    return words;
  }

  it('resumes after the outage with nothing lost or doubled', async () => {
    const sea = await conWorld('outage');
    const words = await through(sea, async () => {
      await sea.world.run(2_000);
      const cut = new Set([sea.a.host]);
      sea.world.network.reachable = (x, y) => cut.has(x) === cut.has(y);
      await sea.world.run(30_000);
      sea.world.network.reachable = () => true;
      await sea.world.run(5_000);
    });
    expect(words).toContain('none');
    expect(words.at(-1)).toBe('direct webrtc');
    await sea.world.end();
  });

  it('resumes within seconds when the outage has cost this side every link', async () => {
    const sea = await conWorld('all links lost');
    await through(sea, async words => {
      await sea.world.run(2_000);
      sea.world.network.reachable = (x, y) => (x === sea.a.host) === (y === sea.a.host);
      await sea.world.run(17_000);
      for (const channel of [...sea.a.host.channels]) (channel as SimChannel).close();
      await sea.world.run(13_000);
      sea.world.network.reachable = () => true;
      const back = sea.world.clock.now();
      expect(words.at(-1)).toBe('none');
      while (words.at(-1) === 'none') await sea.world.run(100);
      expect(sea.world.clock.now() - back).toBeLessThanOrEqual(5_000);
    });
    await sea.world.end();
  });

  it('goes through the sea when its link falls silent, and back to a link when one comes', async () => {
    const sea = await conWorld('moves');
    const words = await through(sea, async words => {
      const between: Reachability = (x, y) => [x, y].some(host => host !== sea.a.host && host !== sea.b.host);
      sea.world.network.negotiable = between;
      sea.world.network.reachable = between;
      await sea.world.run(9_000);
      expect(words).toEqual(['none', 'relayed']); // around the link, which stands and is silent
      await sea.world.run(91_000); // it is closed after 70 s
      sea.world.network.reachable = () => true;
      sea.world.network.negotiable = () => true;
      await sea.world.run(40_000); // a dial under way and the wait after it
    });
    expect(words.filter(word => word !== 'none')).toEqual(['relayed', 'direct webrtc']);
    await sea.world.end();
  });

  it.each(['one', 'two', 'three', 'four'])('has its direct link within seconds of a way: seed %s', async seed => {
    const sea = await conWorld(seed);
    const { network, clock } = sea.world;
    const [con] = await openCon(sea);
    let count = 0;
    const tick = (): void => {
      void con.send('n', count++);
      if (con.connected()) clock.after(200, tick);
    };
    tick();
    const apart: Reachability = (x, y) => [x, y].some(host => host !== sea.a.host && host !== sea.b.host);
    network.reachable = network.negotiable = apart;
    await sea.world.run(90_000); // relayed; each dial takes 15 s to fail
    expect(con.route().kind).toBe('relayed');
    network.reachable = (x, y) => (x === sea.a.host) === (y === sea.a.host);
    await sea.world.run(12_000);
    expect(con.route().kind).toBe('none');
    network.reachable = network.negotiable = () => true;
    while (con.route().kind === 'none') await sea.world.run(10);
    const found = clock.now();
    while (con.route().kind === 'relayed') await sea.world.run(10);
    expect(clock.now() - found).toBeLessThan(5_000); // less than a dial that cannot succeed lasts
    expect(con.route().kind).toBe('direct');
    con.disconnect();
    await sea.world.end();
  });
});

describe('a relayed con', () => {
  it('says so, carries everything, and nobody between can read it', async () => {
    const sea = await conWorld('relayed', false);
    const [con, other] = await openCon(sea);
    const values = collect(other);
    for (const i of upTo(200)) void con.send('n', i);
    await sea.world.run(3_000);
    expect(values).toEqual(upTo(200));
    expect(con.route()).toEqual({ kind: 'relayed', by: sea.bootstrap.sea.localId() });
    expect(other.route()).toEqual({ kind: 'relayed', by: sea.bootstrap.sea.localId() });
    await sea.world.end();
  });
});
