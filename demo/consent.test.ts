/** Consent as it is kept between visits. */

import { beforeEach, describe, expect, it } from 'vitest';
import { type ConsentStorage, defaultCores, forgetConsent, readConsent, writeConsent } from './consent.ts';

class MapStorage implements ConsentStorage {
  readonly #items = new Map<string, string>();
  getItem = (key: string): string | null => this.#items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.#items.set(key, value);
  removeItem = (key: string): void => void this.#items.delete(key);
  only = (): string => [...this.#items.values()][0]!;
  replace = (value: string): void => void [...this.#items.keys()].forEach(key => void this.#items.set(key, value));
}

const refusing: ConsentStorage = {
  getItem: () => {
    throw new Error('refused');
  },
  setItem: () => {
    throw new Error('refused');
  },
  removeItem: () => {
    throw new Error('refused');
  },
};

let storage: MapStorage;
beforeEach(() => {
  storage = new MapStorage();
});

describe('a consent', () => {
  it('is absent at first, kept, and forgotten', () => {
    expect(readConsent(storage, 8)).toBeUndefined();
    writeConsent(storage, { cores: 3, contributing: true, storageBytes: 5, joined: true });
    expect(readConsent(storage, 8)).toEqual({ cores: 3, contributing: true, storageBytes: 5, joined: true });
    forgetConsent(storage);
    expect(readConsent(storage, 8)).toBeUndefined();
  });

  it('never takes more cores than the device has', () => {
    writeConsent(storage, { cores: 16, contributing: false, storageBytes: 0, joined: false });
    expect(readConsent(storage, 4)).toEqual({ cores: 4, contributing: false, storageBytes: 0, joined: false });
  });

  it.each([
    '',
    'null',
    '[]',
    '{"version":2}',
    '{"version":2,"cores":2,"contributing":true,"storageBytes":0}',
    '{"version":2,"cores":0,"contributing":true,"storageBytes":0,"joined":true}',
    '{"version":2,"cores":1.5,"contributing":true,"storageBytes":0,"joined":true}',
    '{"version":2,"cores":2,"contributing":"yes","storageBytes":0,"joined":true}',
    '{"version":2,"cores":2,"contributing":true,"joined":true}',
    '{"version":2,"cores":2,"contributing":true,"storageBytes":-1,"joined":true}',
    '{"version":2,"cores":2,"contributing":true,"storageBytes":0.5,"joined":true}',
    '{"version":1,"cores":2,"contributing":true,"joined":true}',
  ])('is not read from %j', text => {
    writeConsent(storage, { cores: 2, contributing: true, storageBytes: 5, joined: true });
    storage.replace(text);
    expect(storage.only()).toBe(text);
    expect(readConsent(storage, 8)).toBeUndefined();
  });

  it('is asked for each time where storage is refused', () => {
    expect(() => writeConsent(refusing, { cores: 1, contributing: true, storageBytes: 5, joined: true })).not.toThrow();
    expect(readConsent(refusing, 8)).toBeUndefined();
    expect(() => forgetConsent(refusing)).not.toThrow();
  });
});

it('offers half of the cores, at least one', () => {
  expect([1, 2, 3, 8].map(defaultCores)).toEqual([1, 1, 1, 4]);
});
