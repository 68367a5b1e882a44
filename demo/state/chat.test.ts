/** The chat over production nodes on virtual time: channels, private talks, files, outages. */

import { type Signal, signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { type ConWorld, conWorld } from '../../src/con/testing/con-world.ts';
import type { Sea } from '../../src/index.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { Chat } from './chat.ts';
import type { ChatRoom } from './chat-room.ts';
import type { Talk } from './chat-talk.ts';
import type { Transfer } from './chat-transfer.ts';
import { Section } from './section.ts';

/** A page's chat: the section is in front, as its visitor has put it. */
class Page {
  readonly section: Section;
  readonly chat: Chat;
  readonly storage: MemoryStorage = new MemoryStorage();
  readonly agreed: Signal<boolean> = signal(true);
  readonly saved: [name: string, content: Blob][] = [];

  constructor(world: ConWorld['world'], sea: Sea, visit: string, hash = '#chat') {
    const location = { hash };
    this.section = new Section({ location, addEventListener() {} });
    this.chat = new Chat({
      section: this.section,
      agreed: () => this.agreed.value,
      storage: this.storage,
      now: () => world.clock.now(),
      wallMs: () => world.clock.wallMs(),
      save: (content, name) => void this.saved.push([name, content]),
      visit,
    });
    this.chat.follow(sea);
  }

  get harbour(): ChatRoom {
    return this.chat.rooms.value[0]!;
  }

  get talk(): Talk {
    return this.chat.talks.value[0]!;
  }

  file(name: string): Transfer {
    return this.talk.transfers.value.find(each => each.name === name)!;
  }
}

interface Pages extends ConWorld {
  readonly ada: Page;
  readonly bo: Page;
  readonly addresses: { readonly ada: string; readonly bo: string };
  /** Lets time pass, with the page's beats. */
  run(ms: number): Promise<void>;
}

async function pages(seed: string, negotiable = true): Promise<Pages> {
  const sea = await conWorld(seed, negotiable);
  const ada = new Page(sea.world, sea.a.sea, 'visit-a');
  const bo = new Page(sea.world, sea.b.sea, 'visit-b');
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      await sea.world.run(250);
      for (const { chat } of [ada, bo]) chat.refresh();
    }
  };
  const addresses = { ada: sea.a.sea.localId().toString(), bo: sea.b.sea.localId().toString() };
  await run(8_000);
  return { ...sea, ada, bo, addresses, run };
}

const words = (at: ChatRoom | Talk): [string, string][] => at.log.lines.value.map(({ text, fate }) => [text, fate]);

describe('a channel', () => {
  it('shows who is there and what is said, by name, once; own lines say when they have left', async () => {
    const { world, ada, bo, addresses, run } = await pages('harbour');
    expect(ada.harbour.members.value).toEqual([addresses.bo]);
    ada.chat.rename(' Ada ');
    await run(1_000);
    expect(bo.chat.names.value.get(addresses.ada)).toBe('Ada');
    void ada.harbour.say('hello <b>all</b>');
    expect(words(ada.harbour)).toEqual([['hello <b>all</b>', 'leaving']]);
    await run(2_000);
    expect(words(ada.harbour)).toEqual([['hello <b>all</b>', 'sent']]);
    expect(words(bo.harbour)).toEqual([['hello <b>all</b>', 'heard']]);
    expect(bo.harbour.log.lines.value[0]!.from).toBe(addresses.ada);
    expect(bo.chat.herald.words.value).toBe('Ada: hello <b>all</b>');
    expect(bo.chat.unread.value).toBe(0);
    await world.end();
  });

  it('counts what nobody looks at, until somebody does', async () => {
    const { world, ada, bo, run } = await pages('unread');
    bo.section.show('jobs');
    void ada.harbour.say('one');
    void ada.harbour.say('two');
    await run(2_000);
    expect([bo.chat.unread.value, bo.harbour.unread.value]).toEqual([2, 2]);
    expect(bo.chat.herald.words.value).toBe('');
    bo.chat.show({ kind: 'channel', name: 'tea' });
    expect(bo.chat.unread.value).toBe(2);
    bo.chat.show({ kind: 'channel', name: 'harbour' });
    expect(bo.chat.unread.value).toBe(0);
    await world.end();
  });

  it('of its own is joined by its link, kept for the next visit, and left', async () => {
    const { world, ada, bo, run } = await pages('tea');
    for (const { section } of [ada, bo]) section.show('chat', 'tea');
    expect(ada.chat.rooms.value.map(({ name }) => name)).toEqual(['harbour', 'tea']);
    await run(8_000);
    void ada.chat.rooms.value[1]!.say('for two');
    await run(2_000);
    expect(words(bo.chat.rooms.value[1]!)).toEqual([['for two', 'heard']]);
    expect(words(bo.harbour)).toEqual([]);
    expect(ada.storage.getItem('peersea.chat')).toBe('{"name":"","channels":["tea"]}');
    ada.chat.leave(ada.chat.rooms.value[1]!);
    ada.chat.leave(ada.harbour);
    expect(ada.chat.rooms.value.map(({ name }) => name)).toEqual(['harbour']);
    expect(ada.chat.place.value).toEqual({ kind: 'channel', name: 'harbour' });
    expect(ada.storage.getItem('peersea.chat')).toBe('{"name":"","channels":[]}');
    await run(3_000);
    expect(bo.chat.rooms.value[1]!.members.value).toEqual([]);
    void bo.chat.rooms.value[1]!.say('anybody?');
    await run(1_000);
    expect(words(bo.chat.rooms.value[1]!).at(-1)).toEqual(['anybody?', 'waiting']);
    await run(60_000);
    expect(words(bo.chat.rooms.value[1]!).at(-1)).toEqual(['anybody?', 'unheard']);
    await world.end();
  });

  it('keeps what is said before anybody is there for who comes within a minute, and then says that it was heard', async () => {
    const { world, ada, bo, run } = await pages('early');
    bo.section.show('chat', 'tea');
    await run(1_000);
    const room = bo.chat.rooms.value[1]!;
    void room.say('am I the first?');
    await run(1_000);
    expect(words(room)).toEqual([['am I the first?', 'waiting']]);
    ada.section.show('chat', 'tea');
    await run(15_000);
    expect(room.members.value.length).toBe(1);
    expect(words(room)).toEqual([['am I the first?', 'sent']]);
    expect(words(ada.chat.rooms.value[1]!)).toEqual([['am I the first?', 'heard']]);
    await world.end();
  });

  it('is not joined before the chat is in front, and forgotten with the consent', async () => {
    const { world, a, ada, run } = await pages('not yet');
    const page = new Page(world, a.sea, 'visit-c', '#jobs');
    expect(page.chat.rooms.value).toEqual([]);
    page.section.show('chat');
    expect(page.chat.rooms.value).toHaveLength(1);
    ada.chat.rename('Ada');
    ada.agreed.value = false;
    expect([ada.chat.rooms.value, ada.chat.ownName.value, ada.storage.getItem('peersea.chat')]).toEqual([[], '', null]);
    await run(500);
    expect(ada.chat.rooms.value).toEqual([]);
    ada.agreed.value = true;
    expect(ada.chat.rooms.value).toHaveLength(1);
    await world.end();
  });

  it('is one of sixteen at most: a further one says that there is no room', async () => {
    const { world, ada } = await pages('sixteen');
    for (let i = 1; i <= 16; i++) ada.section.show('chat', `c${i}`);
    expect(ada.chat.rooms.value).toHaveLength(16);
    expect(ada.chat.complaint.value).toMatchObject({ code: 'CHAT_FULL' });
    ada.chat.leave(ada.chat.rooms.value[15]!);
    expect(ada.chat.complaint.value).toBeUndefined();
    expect(ada.chat.rooms.value.at(-1)!.name).toBe('c16');
    await world.end();
  });

  it('says why a line did not leave', async () => {
    const { world, a, ada } = await pages('offline');
    await a.sea.goOffline();
    await ada.harbour.say('hello?');
    expect(words(ada.harbour)).toEqual([['hello?', 'failed']]);
    expect(ada.harbour.complaint.value?.code).toBe('NOT_ONLINE');
    await world.end();
  });
});

describe('a private talk', () => {
  it('opens on both sides, says how it stands, and marks what has arrived', async () => {
    const { world, ada, bo, addresses, run } = await pages('in private');
    bo.chat.rename('Bo');
    ada.chat.talkWith(addresses.bo);
    expect(ada.chat.place.value).toEqual({ kind: 'talk', address: addresses.bo });
    expect(ada.talk.standing.value).toEqual({ state: 'calling' });
    ada.talk.say('at once');
    await run(3_000);
    expect(ada.talk.standing.value).toEqual({ state: 'direct', transport: 'webrtc' });
    expect(words(ada.talk)).toEqual([['at once', 'arrived']]);
    expect(words(bo.talk)).toEqual([['at once', 'heard']]);
    expect([bo.talk.address, bo.chat.unread.value]).toEqual([addresses.ada, 1]);
    expect(bo.chat.herald.words.value).toMatch(/^.{9}, in private: at once$/);
    expect(ada.chat.names.value.get(addresses.bo)).toBe('Bo');
    bo.talk.end();
    await run(1_000);
    expect(ada.talk.standing.value).toEqual({ state: 'over', byThem: true });
    expect(bo.talk.standing.value).toEqual({ state: 'over', byThem: false });
    ada.talk.open();
    await run(3_000);
    expect([ada.talk.standing.value.state, bo.talk.standing.value.state]).toEqual(['direct', 'direct']);
    await world.end();
  });

  it('both sides begin at once: one talk on each', async () => {
    const { world, ada, bo, addresses, run } = await pages('at once');
    ada.chat.talkWith(addresses.bo);
    bo.chat.talkWith(addresses.ada);
    ada.talk.say('you');
    bo.talk.say('and you');
    await run(4_000);
    expect([ada.chat.talks.value.length, bo.chat.talks.value.length]).toEqual([1, 1]);
    expect(words(ada.talk)).toEqual([
      ['you', 'arrived'],
      ['and you', 'heard'],
    ]);
    expect(words(bo.talk)).toEqual([
      ['and you', 'arrived'],
      ['you', 'heard'],
    ]);
    await world.end();
  });

  it('goes over the sea where no direct way is, and says over whom', async () => {
    const { world, ada, bootstrap, addresses, run } = await pages('relayed', false);
    ada.chat.talkWith(addresses.bo);
    await run(4_000);
    expect(ada.talk.standing.value).toEqual({ state: 'relayed', by: bootstrap.sea.localId().toString() });
    await world.end();
  });

  it('lost in an outage, keeps what is said and goes on', async () => {
    const { world, a, ada, bo, addresses, run } = await pages('outage');
    ada.chat.talkWith(addresses.bo);
    await run(3_000);
    world.network.reachable = (x, y) => (x === a.host) === (y === a.host);
    ada.talk.say('into the storm');
    await run(10_000);
    expect(ada.talk.standing.value).toEqual({ state: 'lost' });
    expect(words(ada.talk)).toEqual([['into the storm', 'leaving']]);
    world.network.reachable = () => true;
    await run(20_000);
    expect(words(ada.talk)).toEqual([['into the storm', 'arrived']]);
    expect(words(bo.talk)).toEqual([['into the storm', 'heard']]);
    await world.end();
  });

  it('with a peer that came back goes on over its new con; the old one is let go', async () => {
    const { world, b, ada, addresses, run } = await pages('back again');
    ada.chat.talkWith(addresses.bo);
    await run(3_000);
    const again = new Page(world, b.sea, 'visit-b2'); // as after a reload, but for what the old page would have closed
    again.chat.talkWith(addresses.ada);
    await run(3_000);
    again.talk.say('here again');
    await run(1_000);
    expect(words(ada.talk)).toEqual([['here again', 'heard']]);
    ada.talk.say('welcome');
    await run(1_000);
    expect(words(again.talk)).toEqual([
      ['here again', 'arrived'],
      ['welcome', 'heard'],
    ]);
    await world.end();
  });

  it('is none with a con that says no hello, and none while the chat is not open', async () => {
    const { world, a, bo, addresses, run } = await pages('no hello');
    const con = a.sea.connect(addresses.bo);
    await run(40_000);
    expect([con.connected(), bo.chat.talks.value]).toEqual([true, []]);
    bo.agreed.value = false;
    void con.send('chat:hello', { name: 'x', visit: 'y' });
    await run(1_000);
    expect([con.connected(), bo.chat.talks.value]).toEqual([false, []]);
    await world.end();
  });
});

describe('a file', () => {
  async function talking(seed: string): Promise<Pages> {
    const all = await pages(seed);
    all.ada.chat.talkWith(all.addresses.bo);
    await all.run(3_000);
    return all;
  }

  const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);

  it('is offered, taken only when accepted, arrives whole and is saved', async () => {
    const { world, ada, bo, run } = await talking('file');
    ada.talk.offer(new File([bytes], '../dawn\u202e.png'));
    await run(2_000);
    const [out, come] = [ada.file('dawn.png'), bo.file('dawn.png')];
    expect([out.phase.value.state, come.phase.value.state, come.bytes]).toEqual(['offered', 'offered', 700_000]);
    expect([come.moved.value, bo.chat.unread.value]).toEqual([0, 1]);
    come.answer(true);
    await run(5_000);
    expect([out.phase.value, come.phase.value]).toEqual([{ state: 'done' }, { state: 'done' }]);
    expect([out.moved.value, come.moved.value]).toEqual([700_000, 700_000]);
    expect(bo.saved.map(([name]) => name)).toEqual(['dawn.png']);
    expect(Buffer.compare(new Uint8Array(await bo.saved[0]![1].arrayBuffer()), bytes)).toBe(0);
    await world.end();
  });

  it('of no bytes is a file too', async () => {
    const { world, ada, bo, run } = await talking('empty file');
    bo.talk.offer(new File([], 'empty'));
    await run(1_000);
    ada.file('empty').answer(true);
    await run(2_000);
    expect([bo.file('empty').phase.value.state, ada.saved[0]![1].size]).toEqual(['done', 0]);
    await world.end();
  });

  it('is declined; is withdrawn; is cancelled by either side on its way', async () => {
    const { world, ada, bo, run } = await talking('cancelled');
    const large = Array.from({ length: 12 }, () => bytes);
    for (const name of ['declined', 'withdrawn', 'by me', 'by them']) ada.talk.offer(new File(large, name));
    await run(1_000);
    bo.file('declined').answer(false);
    ada.file('withdrawn').cancel();
    bo.file('by me').answer(true);
    bo.file('by them').answer(true);
    while (bo.file('by me').moved.value === 0 || bo.file('by them').moved.value === 0) {
      await world.run(10);
      bo.chat.refresh();
    }
    ada.file('by me').cancel();
    bo.file('by them').cancel();
    await run(2_000);
    const state = (page: Page, name: string): unknown => page.file(name).phase.value;
    expect([state(ada, 'declined'), state(bo, 'declined')]).toEqual([{ state: 'declined' }, { state: 'declined' }]);
    for (const name of ['withdrawn', 'by me']) {
      expect(state(ada, name)).toEqual({ state: 'cancelled', byThem: false });
      expect(state(bo, name)).toEqual({ state: 'cancelled', byThem: true });
    }
    expect(state(ada, 'by them')).toEqual({ state: 'cancelled', byThem: true });
    expect(state(bo, 'by them')).toEqual({ state: 'cancelled', byThem: false });
    expect(bo.saved).toEqual([]);
    await world.end();
  });

  it('fails with the talk, and says so', async () => {
    const { world, b, ada, bo, run } = await talking('talk over');
    ada.talk.offer(new File([bytes], 'late'));
    await run(1_000);
    bo.talk.end();
    await run(1_000);
    expect(ada.file('late').phase.value).toEqual({ state: 'cancelled', byThem: true });
    ada.talk.open();
    await run(3_000);
    ada.talk.offer(new File([bytes], 'x'.repeat(300)));
    await run(500);
    const come = bo.talk.transfers.value.at(-1)!;
    expect(come.name).toHaveLength(120);
    await b.sea.close();
    await run(1_000);
    expect(come.phase.value).toMatchObject({ state: 'failed', complaint: { code: 'CLOSED' } });
    expect(ada.talk.standing.value).toEqual({ state: 'over', byThem: true });
    expect(ada.talk.transfers.value.at(-1)!.phase.value.state).toBe('failed');
    await world.end();
  });

  it('of more than a gigabyte is not offered; a stream that nobody asked for is not read', async () => {
    const { world, b, ada, bo, addresses, run } = await talking('too large');
    ada.talk.offer(Object.defineProperty(new File([], 'huge'), 'size', { value: 1_000_000_001 }));
    expect(ada.talk.complaint.value).toMatchObject({ code: 'FILE_TOO_LARGE', what: 'huge is larger than 1 GB.' });
    expect(ada.talk.transfers.value).toEqual([]);
    const con = b.sea.connect(addresses.ada);
    void con.send('chat:hello', { name: 'Bo', visit: 'visit-b' });
    void con.send('chat:offer', { id: 'huge', name: 'huge', bytes: 2_000_000_000 });
    void con.send('chat:offer', { id: 'odd', name: 'odd', bytes: -1 });
    const { writable, readable } = con.stream('chat:file/unasked');
    const refused = readable.getReader().read();
    refused.catch(() => {});
    await run(2_000);
    await expect(world.until(refused, 5_000)).rejects.toMatchObject({ code: 'ABORTED' });
    void writable.abort().catch(() => {});
    expect(ada.talk.transfers.value).toEqual([]);
    expect(bo.chat.talks.value).toHaveLength(1);
    await world.end();
  });
});
