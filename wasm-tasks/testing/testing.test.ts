import { describe, expect, it } from 'vitest';
import { loadModule } from './load.ts';
import { importing, noAbi, startingForever, testModules, wrongTypes } from './modules.ts';
import { runTask } from './run-task.ts';
import { spinInput, spinReference } from './spin.ts';

describe('spin', () => {
  const module = loadModule(testModules.spin);

  it.each<[number, number]>([
    [0, 4],
    [1, 5],
    [12_345, 64],
    [1_000, 65_536],
  ])('equals its reference: %i steps, %i bytes', (iterations, length) => {
    const input = spinInput(iterations, length, 3);
    expect(input).toHaveLength(length);
    expect(runTask(module, input)).toEqual(spinReference(input));
  });

  it('gives different inputs and outputs for different salts', () => {
    expect(spinInput(1, 64, 1)).not.toEqual(spinInput(1, 64, 2));
    expect(runTask(module, spinInput(1, 64, 1))).not.toEqual(runTask(module, spinInput(1, 64, 2)));
  });

  it('traps on fewer than 4 bytes', () => {
    expect(() => runTask(module, new Uint8Array(3))).toThrow(WebAssembly.RuntimeError);
  });
});

describe('bad tasks are bad in their one way', () => {
  const input = new Uint8Array(8);

  it('trap traps', () => {
    expect(() => runTask(loadModule(testModules.trap), input)).toThrow(/unreachable/);
  });

  it('wild returns a result outside of its memory', () => {
    expect(() => runTask(loadModule(testModules.wild), input)).toThrow('outside of the memory');
  });

  it('flood returns as much as it is asked for', () => {
    const flood = loadModule(testModules.flood);
    const asking = (bytes: number): Uint8Array => new Uint8Array(Uint32Array.of(bytes).buffer);
    expect(runTask(flood, asking(0))).toHaveLength(0);
    expect(Buffer.from(runTask(flood, asking(300_000))).equals(new Uint8Array(300_000))).toBe(true);
    expect(() => runTask(flood, asking(65 * 1024 * 1024))).toThrow(WebAssembly.RuntimeError);
  });

  it('grower grows past any decent cap when nobody caps it', () => {
    const output = runTask(loadModule(testModules.grower), input);
    expect(new DataView(output.buffer).getUint32(0, true)).toBeGreaterThanOrEqual(4096);
  });

  it('forever and greedy compile; running them is for those who can end them', () => {
    for (const url of [testModules.forever, testModules.greedy]) {
      const exported = WebAssembly.Module.exports(loadModule(url)).map(item => item.name);
      expect(exported).toEqual(['memory', 'alloc', 'run']);
    }
  });

  it('the hand-made modules are valid and what their names say', () => {
    for (const bytes of [noAbi, wrongTypes, importing, startingForever]) {
      expect(WebAssembly.validate(bytes)).toBe(true);
    }
    expect(WebAssembly.Module.exports(new WebAssembly.Module(noAbi))).toEqual([]);
    expect(WebAssembly.Module.exports(new WebAssembly.Module(wrongTypes)).map(item => item.name)).toEqual([
      'memory',
      'alloc',
      'run',
    ]);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(importing))).toEqual([
      { module: 'env', name: 'tick', kind: 'function' },
    ]);
    expect(startingForever[8 + 6 + 4]).toBe(8); // header, types, functions, then the start section
  });
});
