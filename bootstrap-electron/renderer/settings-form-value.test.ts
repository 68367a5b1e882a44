import { expect, it } from 'vitest';
import { defaultSettings, type Settings } from '../shared/settings.ts';
import { formOf, settingsOf } from './settings-form-value.ts';

it('shows settings and reads them back alike', () => {
  const settings: Settings = {
    port: 443,
    reach: 'network',
    publicUrl: 'wss://sea.example.org/sea',
    bootstraps: ['ws://a/sea', 'wss://b/sea'],
    certFile: '/a.pem',
    keyFile: '/b.pem',
  };
  expect(settingsOf(formOf(settings))).toEqual(settings);
  expect(settingsOf(formOf(defaultSettings))).toEqual(defaultSettings);
});

it('takes blanks between nodes and around the port', () => {
  const form = { ...formOf(defaultSettings), port: ' 80 ', bootstraps: '\n ws://a/sea  ws://b/sea\n\n' };
  expect(settingsOf(form)).toEqual({ ...defaultSettings, port: 80, bootstraps: ['ws://a/sea', 'ws://b/sea'] });
});

it.each(['', 'x', '1e3', '-1', '70000', '123456'])('says that %j is no port', port => {
  expect(settingsOf({ ...formOf(defaultSettings), port })).toBe('A port is a whole number from 0 to 65535.');
});

it('says what else does not fit', () => {
  expect(settingsOf({ ...formOf(defaultSettings), bootstraps: 'sea.example.org' })).toBe(
    'A node to join begins with wss:// or ws://, not "sea.example.org".',
  );
  expect(settingsOf({ ...formOf(defaultSettings), certFile: '/a.pem' })).toMatch(/both files or neither/);
});
