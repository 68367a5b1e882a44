/** What must hold of the page in every state, for everybody: named, ordered, legible, fitting, its focus seen. */

import { expect } from '@playwright/test';
import { badStructure, faintTexts, focusStops, nameless, overflow } from './accessibility.ts';
import { desk, phone, type Visit } from './visit.ts';

const WIDTHS = [320, phone.width, 768, 1024, desk.width] as const;

/** All that can be measured of the page as it stands, in each colour scheme and at each width. */
export async function expectAccessible({ page }: Visit): Promise<void> {
  expect(await nameless(page)).toEqual([]);
  expect(await badStructure(page)).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await faintTexts(page), colorScheme).toEqual([]);
  }
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    expect(await overflow(page), `at ${width} px`).toEqual([]);
  }
  await page.setViewportSize(desk);
}

/** Everything that Tab reaches shows its focus, is not hidden when it has it, and is large enough to hit. */
export async function expectFocusSeen({ page }: Visit, stopsAtLeast: number): Promise<void> {
  const stops = await focusStops(page);
  expect(stops.length).toBeGreaterThanOrEqual(stopsAtLeast);
  expect(stops.filter(({ ringPx }) => ringPx < 2)).toEqual([]);
  expect(stops.filter(({ inSight }) => !inSight)).toEqual([]);
  expect(stops.filter(({ sidePx }) => sidePx < 24)).toEqual([]);
}
