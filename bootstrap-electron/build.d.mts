/** Types of build.mjs for the tests that build with it. */

import type { InlineConfig } from 'vite';

export function rendererConfig(outDir: string): InlineConfig;
export function buildElectron(outDir: string): Promise<void>;
