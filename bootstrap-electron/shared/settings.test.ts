import { describe, expect, it } from 'vitest';
import { BOOTSTRAPS_MAX, SETTING_LENGTH_MAX } from './limits.ts';
import { defaultSettings, parseSettings } from './settings.ts';

describe('parseSettings', () => {
  it('gives defaults for what is left out, and nothing else than settings', () => {
    expect(parseSettings(undefined)).toEqual(defaultSettings);
    expect(parseSettings('text')).toEqual(defaultSettings);
    expect(parseSettings({ port: 80, further: 1 })).toEqual({ ...defaultSettings, port: 80 });
  });

  it('takes what is fit, without blanks around it', () => {
    const settings = {
      port: 0,
      reach: 'network',
      publicUrl: ' wss://sea.example.org/sea ',
      bootstraps: ['ws://10.0.0.1:4600/sea'],
      certFile: '/a.pem',
      keyFile: '/b.pem',
    };
    expect(parseSettings(settings)).toEqual({ ...settings, publicUrl: 'wss://sea.example.org/sea' });
  });

  it.each([
    [{ port: -1 }, 'port'],
    [{ port: 65_536 }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ port: '4600' }, 'port'],
    [{ port: Number.NaN }, 'port'],
    [{ reach: 'everybody' }, 'connect'],
    [{ publicUrl: 'https://sea.example.org' }, 'address for others'],
    [{ publicUrl: 5 }, 'address for others'],
    [{ bootstraps: 'ws://a/sea' }, 'list'],
    [{ bootstraps: ['sea.example.org'] }, 'node to join'],
    [{ bootstraps: [''] }, 'node to join'],
    [{ bootstraps: ['ws://'] }, 'node to join'],
    [{ bootstraps: Array.from({ length: BOOTSTRAPS_MAX + 1 }, () => 'ws://a/sea') }, 'At most'],
    [{ certFile: '/a.pem' }, 'both'],
    [{ keyFile: '/b.pem' }, 'both'],
    [{ certFile: 'a'.repeat(SETTING_LENGTH_MAX + 1), keyFile: 'b' }, 'longer'],
  ])('refuses %j', (value, words) => {
    expect(() => parseSettings(value)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    expect(() => parseSettings(value)).toThrow(words);
  });
});
