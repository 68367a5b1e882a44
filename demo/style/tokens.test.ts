/** Text stands out at 4.5:1 (WCAG 2.2 AA) on every ground it is put on, by day and by night. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast } from '../peer-colour.ts';

const [light, dark] = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').split(
  '@media (prefers-color-scheme: dark)',
);

type Pair = readonly [text: string, ground: string];

const pairs: readonly Pair[] = [
  ...['paper', 'sheet', 'water'].flatMap(ground => ['ink', 'ink-soft', 'deep'].map((text): Pair => [text, ground])),
  ['mark', 'sheet'],
  ['on-deep', 'deep'],
  ['on-deep', 'deep-hover'],
  ['on-mark', 'mark'],
  ['on-mark', 'mark-hover'],
  ['ink', 'mark-pale'],
  ['ink-soft', 'mark-pale'],
  ['deep', 'mark-pale'],
  ['ink', 'caution-pale'],
];

describe.each([
  ['day', light!],
  ['night', dark!],
])('by %s', (_name, css) => {
  it.each(pairs)('%s on %s', (text, ground) => {
    expect(contrast(tokenIn(css, text), tokenIn(css, ground))).toBeGreaterThanOrEqual(4.5);
  });

  it('lines of controls on sheet at 3:1', () => {
    expect(contrast(tokenIn(css, 'line-strong'), tokenIn(css, 'sheet'))).toBeGreaterThanOrEqual(3);
  });
});

function tokenIn(css: string, name: string): string {
  const found = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css);
  if (found === null) throw new Error(`no token ${name}`);
  return found[1]!;
}
