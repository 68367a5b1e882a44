/** Consent, joining, leaving, contributing. */

import { beforeEach, describe, expect, it } from 'vitest';
import { SeaError } from '../../src/base/errors.ts';
import type { ConsentStorage } from '../consent.ts';
import { PageError } from '../errors.ts';
import { FakeSea } from '../testing/fake-sea.ts';
import { Session } from './session.ts';

let sea: FakeSea;
let made: number;
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
    onSea: () => {},
  });
}

beforeEach(() => {
  sea = new FakeSea();
  made = 0;
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
    await session.agree({ cores: 2, contributing: true });
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(sea.asked).toEqual(['goOnline wss://a/sea', 'contribute 2']);
  });

  it('may be to join only', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: false });
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(sea.asked).toEqual(['goOnline wss://a/sea']);
  });

  it('is remembered, a stop included', async () => {
    const first = visit();
    await first.agree({ cores: 3, contributing: true });
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
    await session.agree({ cores: 1, contributing: true });
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
    await session.agree({ cores: 2, contributing: true });
    session.stopContributing();
    expect(sea.asked.at(-1)).toBe('contribute 0');
    session.startContributing();
    expect(sea.asked.at(-1)).toBe('contribute 2');
  });

  it('follows the slider within what the device has, but not while stopped', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true });
    session.setCores(9);
    expect(sea.asked.at(-1)).toBe('contribute 4');
    session.stopContributing();
    session.setCores(1);
    expect(sea.asked.at(-1)).toBe('contribute 0');
    expect(session.consent.value).toMatchObject({ cores: 1, contributing: false });
  });
});

describe('joining', () => {
  it('that fails says why, and can be tried again with the same sea', async () => {
    sea.joining = async () => {
      throw new SeaError('NO_BOOTSTRAP', 'none answered');
    };
    const session = visit();
    await session.agree({ cores: 1, contributing: true });
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
    await session.agree({ cores: 1, contributing: true });
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
    const agreed = session.agree({ cores: 1, contributing: true });
    await Promise.resolve();
    await Promise.resolve();
    await session.leave();
    await agreed;
    expect(heard?.aborted).toBe(true);
    expect(session.phase.value).toEqual({ state: 'offline', why: 'left' });
    expect(sea.asked).not.toContain('contribute 1');
  });

  it('waits for a click after the visitor left', async () => {
    const first = visit();
    await first.agree({ cores: 1, contributing: true });
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
    await session.agree({ cores: 2, contributing: true });
    sea.emit('offline', undefined);
    expect(session.phase.value).toEqual({ state: 'offline', why: 'lost' });
    sea.emit('online', undefined);
    expect(session.phase.value).toEqual({ state: 'online' });
    expect(sea.asked.at(-1)).toBe('contribute 2');
  });

  it('is not taken up again by itself after leaving', async () => {
    const session = visit();
    await session.agree({ cores: 2, contributing: true });
    await session.leave();
    sea.emit('offline', undefined);
    sea.emit('online', undefined);
    expect(session.phase.value).toEqual({ state: 'offline', why: 'left' });
  });

  it('gives warnings in words until they are dismissed', async () => {
    const session = visit();
    await session.agree({ cores: 1, contributing: false });
    sea.emit('warning', new SeaError('LINK_BUDGET', '500 connections'));
    expect(session.warning.value?.code).toBe('LINK_BUDGET');
    session.dismissWarning();
    expect(session.warning.value).toBeUndefined();
  });
});
