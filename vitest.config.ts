/** Tests in Node, in three projects. Browser tests run under Playwright (playwright.config.ts). */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks', // threads crash when a file that loaded the native WebRTC of Node ends
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'wasm-tasks/**/*.test.ts',
            'scripts/**/*.test.mjs',
            'bench/**/*.test.ts',
            'contracts/**/*.test.{ts,mjs}',
            'bootstrap-electron/**/*.test.ts',
            'demo/**/*.test.{ts,tsx}',
          ],
        },
      },
      { extends: true, test: { name: 'sim', include: ['src/sim/**/*.sim.ts'], testTimeout: 300_000 } },
      { extends: true, test: { name: 'long', include: ['test/long/**/*.long.ts'], testTimeout: 3_600_000 } },
    ],
  },
});
