/** What is deployed is what is tested, and fits. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile, settings } from './build.mjs';

/** EIP-170. */
const CODE_BYTES_MAX = 24_576;

test('the settings are those that forge tests with', () => {
  const toml = readFileSync(new URL('./foundry.toml', import.meta.url), 'utf8');
  const said = key => toml.match(new RegExp(`^${key} = (.*)$`, 'm'))?.[1].replace(/["_]/g, '');
  expect(said('evm_version')).toBe(settings.evmVersion);
  expect(said('optimizer')).toBe(String(settings.optimizer.enabled));
  expect(said('optimizer_runs')).toBe(String(settings.optimizer.runs));
  expect(said('via_ir')).toBe(String(settings.viaIR));
  expect(said('bytecode_hash')).toBe(settings.metadata.bytecodeHash);
});

test('SeaPurse compiles to what can be deployed, with the calls of its manual', () => {
  const { compiler, abi, bytecode, runtimeBytes } = compile('src/SeaPurse.sol', 'SeaPurse');
  const manual = compile('src/ISeaPurse.sol', 'ISeaPurse');
  const names = (list, type) => list.filter(entry => entry.type === type).map(({ name }) => name);
  expect(compiler).toMatch(/^0\.8\.\d+\+commit/);
  expect(bytecode).toMatch(/^0x[0-9a-f]+$/);
  expect(runtimeBytes).toBeGreaterThan(0);
  expect(runtimeBytes).toBeLessThanOrEqual(CODE_BYTES_MAX);
  for (const type of ['function', 'event', 'error'])
    expect(names(abi, type)).toEqual(expect.arrayContaining(names(manual.abi, type)));
});

test('what does not compile throws the reason', () => {
  expect(() => compile('src/Missing.sol', 'Missing')).toThrow(/Missing\.sol/);
  expect(() => compile('src/SeaPurse.sol', 'Missing')).toThrow(/no contract Missing/);
});
