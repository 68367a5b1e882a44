/** Consent, joining, leaving, contributing. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SeaError } from '../../src/base/errors.ts';
import type { ConsentStorage } from '../consent.ts';
import { PageError } from '../errors.ts';
import { FakeSea } from '../testing/fake-sea.ts';
import { Session } from './session.ts';

let sea: FakeSea;
let made: number;
let isKeeper: boolean;
let stored: string | null;
let bootstraps: () => string[];

const storage: ConsentStorage = {
  getItem: () => stored,
  setItem: (_key, value) => {
    stored = value;
  },
  removeItem: () => {
    stored = null;
  },
};

function visit(): Session {
  return new Session({
    makeSea: async () => {
      made += 1;
      return sea.asSea();
    },
    bootstraps: () => bootstraps(),
    storage,
    coresMax: 4,
    keepsShards: async () => isKeeper,
    onSea: () => {},
  });
}

beforeEach(() => {
  sea = new FakeSea();
  made = 0;
  isKeeper = true;
  stored = null;
  bootstraps = () => ['wss://a/sea'];
});

describe('consent', () => {
  it('comes before everything: without it nothing is made', async () => {
    const session = visit();
    await session.resume();
    await session.join();
    session.startContributing();
    expect(session.phase.value).toEqual({ state: 'asking' });
    expect(made).toBe(0);
    expect(stored).toBeNull();
  });

  it('joins, then lends what was agreed', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(sea.asked).toEqual(['goOnline wss://a/sea', 'contribute 2']);
  });

  it('may be to join only', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: false, storageBytes: 500 });
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(sea.asked).toEqual(['goOnline wss://a/sea']);
  });

  it('is remembered, a stop included', async () => {
    const first = visit();
    await first.agree({ cores: 3, contributing: true, storageBytes: 500 });
    first.stopContributing();
    sea = new FakeSea();
    const second = visit();
    await second.resume();
    expect(sea.asked).toEqual(['goOnline wss://a/sea']);
    second.startContributing();
    expect(sea.asked.at(-1)).toBe('contribute 3');
  });

  it('can be withdrawn: the page leaves, forgets and asks again', async () => {
    const session = visit();
    await session.agree({ cores: 1, contributing: true, storageBytes: 500 });
    await session.withdraw();
    expect(sea.asked.slice(-2)).toEqual(['contribute 0', 'goOffline']);
    expect(session.phase.value).toEqual({ state: 'asking' });
    expect(session.consent.value).toBeUndefined();
    expect(stored).toBeNull();
  });
});

describe('contributing', () => {
  it('stops and starts at once', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    session.stopContributing();
    expect(sea.asked.at(-1)).toBe('contribute 0');
    session.startContributing();
    expect(sea.asked.at(-1)).toBe('contribute 2');
  });

  it('follows the slider within what the device has, but not while stopped', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    session.setCores(9);
    expect(sea.asked.at(-1)).toBe('contribute 4');
    session.stopContributing();
    session.setCores(1);
    expect(sea.asked.at(-1)).toBe('contribute 0');
    expect(session.consent.value).toMatchObject({ cores: 1, contributing: false });
  });
});

describe('storage', () => {
  it('is lent with the cores, and stopped with them', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    session.stopContributing();
    session.startContributing();
    expect(sea.storage.lent).toEqual([500, 0, 500]);
    expect(sea.storage.gaveUp).toBe(0);
  });

  it('is not lent by who only joins, and its slider is kept for later', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: false, storageBytes: 500 });
    session.setStorage(700);
    expect(sea.storage.lent).toEqual([]);
    expect(session.consent.value?.storageBytes).toBe(700);
    session.startContributing();
    session.setStorage(0);
    expect(sea.storage.lent).toEqual([700, 0]);
  });

  it('is kept by one tab of the browser alone', async () => {
    isKeeper = false;
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    session.setStorage(600);
    await session.withdraw();
    expect(sea.asked).toContain('contribute 2');
    expect(session.isKeeper.value).toBe(false);
    expect(sea.storage.lent).toEqual([]);
    expect(sea.storage.gaveUp).toBe(0);
  });

  it('that cannot be had is a warning; all else goes on', async () => {
    sea.storage.lending = async () => {
      throw new SeaError('NO_STORAGE', 'refused');
    };
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    await Promise.resolve();
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(session.warning.value?.code).toBe('NO_STORAGE');
  });

  it('is given up with the consent', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    await session.withdraw();
    expect(sea.storage.gaveUp).toBe(1);
  });

  it('of an earlier visit is given up too, though this visit has not joined', async () => {
    const first = visit();
    await first.agree({ cores: 2, contributing: true, storageBytes: 500 });
    await first.leave();
    sea = new FakeSea();
    const second = visit();
    await second.resume();
    await second.withdraw();
    expect(sea.storage.gaveUp).toBe(1);
    expect(sea.asked).toEqual([]); // it did not go online for that
    await second.agree({ cores: 1, contributing: false, storageBytes: 0 });
    expect(made).toBe(2); // the sea that was made is used
  });
});

describe('joining', () => {
  it('that fails says why, and can be tried again with the same sea', async () => {
    sea.joining = async () => {
      throw new SeaError('NO_BOOTSTRAP', 'none answered');
    };
    const session = visit();
    await session.agree({ cores: 1, contributing: true, storageBytes: 500 });
    expect(session.phase.value).toMatchObject({ state: 'offline', why: 'failed', complaint: { code: 'NO_BOOTSTRAP' } });
    sea.joining = async () => {};
    await session.join();
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(made).toBe(1);
  });

  it('does not begin with a bootstrap that is none', async () => {
    bootstraps = () => {
      throw new PageError('BAD_BOOTSTRAP', '“x” is not a websocket address.');
    };
    const session = visit();
    await session.agree({ cores: 1, contributing: true, storageBytes: 500 });
    expect(session.phase.value).toMatchObject({ state: 'offline', complaint: { code: 'BAD_BOOTSTRAP' } });
    expect(made).toBe(0);
  });

  it('is broken off by leaving', async () => {
    let heard: AbortSignal | undefined;
    sea.joining = signal =>
      new Promise((_resolve, reject) => {
        heard = signal;
        signal!.addEventListener('abort', () => reject(new SeaError('ABORTED', 'left')));
      });
    const session = visit();
    const agreed = session.agree({ cores: 1, contributing: true, storageBytes: 500 });
    await vi.waitFor(() => expect(heard).toBeDefined());
    await session.leave();
    await agreed;
    expect(heard?.aborted).toBe(true);
    expect(session.phase.value).toEqual({ state: 'offline', why: 'left' });
    expect(sea.asked).not.toContain('contribute 1');
  });

  it('waits for a click after the visitor left', async () => {
    const first = visit();
    await first.agree({ cores: 1, contributing: true, storageBytes: 500 });
    await first.leave();
    sea = new FakeSea();
    const second = visit();
    await second.resume();
    expect(sea.asked).toEqual([]);
    expect(second.phase.value).toEqual({ state: 'offline', why: 'left' });
    await second.join();
    expect(second.phase.value).toEqual({ state: 'online' });
  });
});

describe('the way', () => {
  it('may be lost and found again, lending as before', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    sea.emit('offline', undefined);
    expect(session.phase.value).toEqual({ state: 'offline', why: 'lost' });
    sea.emit('online', undefined);
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(sea.asked.at(-1)).toBe('contribute 2');
  });

  it('is not taken up again by itself after leaving', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true, storageBytes: 500 });
    await session.leave();
    sea.emit('offline', undefined);
    sea.emit('online', undefined);
    expect(session.phase.value).toEqual({ state: 'offline', why: 'left' });
  });

  it('gives warnings in words until they are dismissed', async () => {
    const session = visit();
    await session.agree({ cores: 1, contributing: false, storageBytes: 500 });
    sea.emit('warning', new SeaError('LINK_BUDGET', '500 connections'));
    expect(session.warning.value?.code).toBe('LINK_BUDGET');
    session.dismissWarning();
    expect(session.warning.value).toBeUndefined();
  });
});
