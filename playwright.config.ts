/**
 * Browser tests: real tabs, WebRTC and workers. Each test starts the servers it needs. `scripts/test.mjs` finds the
 * browser and passes it as PEERSEA_BROWSER; without it Playwright's own is used.
 */

import { defineConfig } from '@playwright/test';

const executablePath = process.env.PEERSEA_BROWSER;

export default defineConfig({
  testDir: 'test',
  testMatch: '**/*.spec.ts',
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  // Where nobody looks on, a machine's bad moment costs one more try; what passes only then is counted and named.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PEERSEA_REPORT ?? '.cache/reports/browser.json' }]],
  use: {
    headless: true,
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
});
