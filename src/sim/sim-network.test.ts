import { describe, expect, test } from 'vitest';
import type { SeaError } from '../base/errors.ts';
import type { Channel, Negotiation, Signal } from '../ports/link-factory.ts';
import { SeededRandom } from './seeded-random.ts';
import type { SimHost } from './sim-host.ts';
import { defaultNetwork, type NetworkOptions, SimNetwork } from './sim-network.ts';
import { Trace } from './trace.ts';
import { VirtualClock } from './virtual-clock.ts';

const even: NetworkOptions = { ...defaultNetwork, delayMsMin: 10, delayMsMax: 10, loss: 0 };
const URL = 'ws://entry';

class Net {
  readonly clock = new VirtualClock();
  readonly trace = new Trace();
  readonly network: SimNetwork;
  readonly a: SimHost;
  readonly b: SimHost;

  constructor(options: NetworkOptions = even) {
    this.network = new SimNetwork(this.clock, new SeededRandom('net'), this.trace, options);
    [this.a, this.b] = [this.network.addHost(), this.network.addHost()];
  }

  async run(ms: number): Promise<void> {
    const untilMs = this.clock.now() + ms;
    await turn();
    while (this.clock.step(untilMs)) await turn();
  }

  /** Both ends of a negotiated channel, or why there is none. */
  async negotiated(): Promise<[Channel, Channel]> {
    const { offer, answer } = this.attempt();
    await this.run(20_000);
    return Promise.all([offer.channel, answer.channel]);
  }

  attempt(): { offer: Negotiation; answer: Negotiation } {
    const signals: ((signal: Signal) => void)[] = [];
    const { network, a, b } = this;
    const offer = network.factory(a).negotiate('offer', signal => answer.accept(signal));
    const answer = network.factory(b).negotiate('answer', signal => offer.accept(signal));
    expect(signals).toEqual([]);
    return { offer, answer };
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** What an end hears, with the time. */
function listen(net: Net, channel: Channel): string[] {
  const heard: string[] = [];
  channel.open({
    onFrame: frame => heard.push(`${frame[0]}@${net.clock.now()}`),
    onWritable() {},
    onClose: (reason: SeaError) => heard.push(`${reason.code}@${net.clock.now()}`),
  });
  return heard;
}

const frame = (n: number): Uint8Array => Uint8Array.of(n);

describe('a channel', () => {
  test('is made by two who negotiate; both ends bind it alike', async () => {
    const net = new Net();
    const [near, far] = await net.negotiated();
    expect(near.transport).toBe('webrtc');
    expect([...near.binding]).toEqual([...far.binding]);
    const [other] = await net.negotiated();
    expect([...other.binding]).not.toEqual([...near.binding]);
  });

  test('delivers after the delay, in order, copies', async () => {
    const net = new Net();
    const [near, far] = await net.negotiated();
    const heard = listen(net, far);
    const beganMs = net.clock.now();
    const bytes = frame(1);
    near.send(bytes);
    bytes[0] = 9;
    near.send(frame(2));
    await net.run(9);
    expect(heard).toEqual([]);
    await net.run(1);
    expect(heard).toEqual([`1@${beganMs + 10}`, `2@${beganMs + 10}`]);
    expect(net.trace.frames).toBe(2);
  });

  test('a lost frame comes later and holds up those behind it', async () => {
    const lossy = new Net({ ...even, loss: 0.3, retransmitMs: 200 });
    const [near, far] = await lossy.negotiated();
    const heard = listen(lossy, far);
    for (let i = 0; i < 50; i++) {
      near.send(frame(i));
      await lossy.run(5);
    }
    await lossy.run(1_000);
    expect(heard.map(text => Number(text.split('@')[0]))).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test('keeps what comes before anybody listens', async () => {
    const net = new Net();
    const [near, far] = await net.negotiated();
    near.send(frame(1));
    near.close();
    await net.run(100);
    expect(listen(net, far).map(text => text.split('@')[0])).toEqual(['1', 'LINK_CLOSED']);
  });

  test('closed by one end: here at once, there after what was sent', async () => {
    const net = new Net();
    const [near, far] = await net.negotiated();
    const [here, there] = [listen(net, near), listen(net, far)];
    near.send(frame(1));
    near.close();
    near.close();
    near.send(frame(2));
    expect(here.length).toBe(1);
    await net.run(100);
    expect(there.map(text => text.split('@')[0])).toEqual(['1', 'LINK_CLOSED']);
    expect(here.length).toBe(1);
  });

  test('delay grows with distance', () => {
    const net = new Net({ ...defaultNetwork, loss: 0 });
    const near = { ...net.a, x: 0, y: 0 } as SimHost;
    const far = { ...net.b, x: 1, y: 1 } as SimHost;
    expect(net.network.delayMs(near, near)).toBe(defaultNetwork.delayMsMin);
    expect(net.network.delayMs(near, far)).toBe(defaultNetwork.delayMsMax);
    expect(net.network.delayMs(near, { ...far, x: 0.5, y: 0.5 } as SimHost)).toBe(61);
  });
});

describe('a cut wire', () => {
  test('holds everything back and keeps its order when it heals', async () => {
    const net = new Net();
    const [near, far] = await net.negotiated();
    const heard = listen(net, far);
    net.network.reachable = () => false;
    for (let i = 0; i < 4; i++) {
      near.send(frame(i));
      await net.run(700);
    }
    expect(heard).toEqual([]);
    net.network.reachable = () => true;
    near.send(frame(4));
    await net.run(2_000);
    expect(heard.map(text => text.split('@')[0])).toEqual(['0', '1', '2', '3', '4']);
  });

  test('lets nobody negotiate or dial', async () => {
    const net = new Net();
    await net.network.listener(net.b, URL).listen(() => {});
    net.network.reachable = () => false;
    await expect(net.negotiated()).rejects.toMatchObject({ code: 'DIAL_FAILED' });
    const dial = net.network.factory(net.a).dial(URL, new AbortController().signal);
    dial.catch(() => {});
    await net.run(1_000);
    await expect(dial).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  });

  test('hosts that cannot reach each other directly still dial a listener', async () => {
    const net = new Net();
    net.network.negotiable = () => false;
    await net.network.listener(net.b, URL).listen(() => {});
    await expect(net.negotiated()).rejects.toMatchObject({ code: 'DIAL_FAILED' });
    const dial = net.network.factory(net.a).dial(URL, new AbortController().signal);
    await net.run(1_000);
    expect((await dial).transport).toBe('websocket');
  });
});

describe('a host', () => {
  test('that is silent keeps its channel, hears nothing, and catches up when it wakes', async () => {
    const net = new Net();
    const [near, far] = await net.negotiated();
    const [here, there] = [listen(net, near), listen(net, far)];
    net.b.state = 'silent';
    near.send(frame(1));
    far.send(frame(2));
    await net.run(60_000);
    expect([here, there]).toEqual([[], []]);
    net.b.state = 'running';
    await net.run(2_000);
    expect([here.length, there.length]).toEqual([1, 1]);
  });

  test('that was killed is noticed later, and says and hears nothing more', async () => {
    const net = new Net();
    const [near, far] = await net.negotiated();
    const [here, there] = [listen(net, near), listen(net, far)];
    const killedMs = net.clock.now();
    net.network.kill(net.b);
    near.send(frame(1));
    far.send(frame(2));
    await net.run(even.deathNoticedMs - 1);
    expect(here).toEqual([]);
    await net.run(1);
    expect(here).toEqual([`LINK_CLOSED@${killedMs + even.deathNoticedMs}`]);
    expect(there).toEqual([]);
    expect(net.a.channels.size).toBe(0);
  });
});

describe('a dial', () => {
  test('reaches who listens, until that one stops', async () => {
    const net = new Net();
    const accepted: Channel[] = [];
    const stop = await net.network.listener(net.b, URL).listen(channel => accepted.push(channel));
    const dial = net.network.factory(net.a).dial(URL, new AbortController().signal);
    await net.run(30);
    const near = await dial;
    expect([...near.binding]).toEqual([...accepted[0]!.binding]);
    stop();
    const late = net.network.factory(net.a).dial(URL, new AbortController().signal);
    late.catch(() => {});
    await net.run(1_000);
    await expect(late).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  });

  test('is given up by its signal', async () => {
    const net = new Net();
    let accepted = 0;
    await net.network.listener(net.b, URL).listen(() => accepted++);
    const controller = new AbortController();
    const dial = net.network.factory(net.a).dial(URL, controller.signal);
    dial.catch(() => {});
    controller.abort();
    await net.run(1_000);
    await expect(dial).rejects.toMatchObject({ code: 'ABORTED' });
    expect(accepted).toBe(0);
  });

  test('an attempt that is closed rejects, and the other side gets no channel', async () => {
    const net = new Net();
    const { offer, answer } = net.attempt();
    answer.channel.catch(() => {});
    answer.close();
    await expect(answer.channel).rejects.toMatchObject({ code: 'ABORTED' });
    offer.channel.catch(() => {});
    offer.close();
    await expect(offer.channel).rejects.toMatchObject({ code: 'ABORTED' });
    await net.run(20_000);
    expect(net.a.channels.size + net.b.channels.size).toBe(0);
  });
});
