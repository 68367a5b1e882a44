/** When a browser window is opened, and by which command. */

import { expect, test } from 'vitest';
import { openCommand } from './desktop.mjs';

const url = 'http://127.0.0.1:4600/';

test('each platform has its own command', () => {
  expect(openCommand('linux', { DISPLAY: ':0' }, url)).toEqual(['xdg-open', url]);
  expect(openCommand('linux', { WAYLAND_DISPLAY: 'wayland-0' }, url)).toEqual(['xdg-open', url]);
  expect(openCommand('darwin', {}, url)).toEqual(['open', url]);
  expect(openCommand('win32', {}, url)?.at(-1)).toBe(url);
});

test('none without a desktop or under continuous integration', () => {
  expect(openCommand('linux', {}, url)).toBeUndefined();
  expect(openCommand('linux', { DISPLAY: '' }, url)).toBeUndefined();
  expect(openCommand('darwin', { CI: 'true' }, url)).toBeUndefined();
});
