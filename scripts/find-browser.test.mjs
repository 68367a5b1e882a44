/** Where a browser is looked for, per platform. */

import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { candidatePaths } from './find-browser.mjs';

test('on Linux: every known name in every folder of the PATH, in its order', () => {
  const paths = candidatePaths('linux', { PATH: ['/opt/bin', '/usr/bin'].join(delimiter) });
  expect(paths).toHaveLength(12);
  expect(paths[0]).toBe(join('/opt/bin', 'google-chrome'));
  expect(paths).toContain(join('/usr/bin', 'chromium'));
  expect(paths.indexOf(join('/opt/bin', 'chromium'))).toBeLessThan(paths.indexOf(join('/usr/bin', 'google-chrome')));
});

test('on macOS: the applications first, of the machine and then of the user', () => {
  const paths = candidatePaths('darwin', { PATH: '/usr/local/bin', HOME: '/Users/ann' });
  expect(paths[0]).toBe('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'.split('/').join(join('/')));
  expect(paths[3]).toContain(join('/Users/ann', 'Applications'));
  expect(paths.at(-1)).toBe(join('/usr/local/bin', 'microsoft-edge-stable'));
});

test('on Windows: the program folders that are set, and nothing of the PATH', () => {
  const paths = candidatePaths('win32', { ProgramFiles: 'C:\\Program Files', PATH: 'C:\\Windows' });
  expect(paths).toHaveLength(3);
  expect(paths.every(path => path.startsWith('C:\\Program Files'))).toBe(true);
});

test('nothing set gives nothing to look at but bare names', () => {
  expect(candidatePaths('win32', {})).toEqual([]);
});
