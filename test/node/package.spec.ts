/** What a developer gets who has the package alone: its tasks under their names, and types without what is not theirs. */

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
/** The package as it is installed, but for what it depends on. */
const inPackage = (path: string): string => join(folder, 'package', path);

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-package-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: project });
  const [name] = await readdir(folder);
  await run('tar', ['-xf', join(folder, name!), '-C', folder]);
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

test('its tasks are found by name, as the README has it, and are tasks; their sources lie beside', async () => {
  const readme = await readFile(inPackage('README.md'), 'utf8');
  const named = [...readme.matchAll(/import\.meta\.resolve\('(peersea\/tasks\/[^']+)'\)/g)].map(([, name]) => name!);
  expect(named).toEqual(['peersea/tasks/spin.wasm']);
  const names = ['picture', 'mandelbrot', 'collatz', 'hash-search'].map(name => `peersea/tasks/${name}.wasm`);
  await writeFile(
    inPackage('try.mjs'),
    `import { readFile } from 'node:fs/promises';
    import { fileURLToPath } from 'node:url';
    for (const name of process.argv.slice(2)) {
      const module = await WebAssembly.compile(await readFile(fileURLToPath(import.meta.resolve(name))));
      console.log(name, WebAssembly.Module.exports(module).map(({ name }) => name).sort().join(' '));
    }`,
  );
  const { stdout } = await run(process.execPath, [inPackage('try.mjs'), ...named, ...names]);
  expect(stdout.trim().split('\n')).toEqual([...named, ...names].map(name => `${name} alloc memory run`));
  expect(readme).toContain('`wasm-tasks/NAME/`');
  for (const task of ['picture', 'mandelbrot', 'collatz', 'hash-search'])
    expect(await readdir(inPackage(`wasm-tasks/${task}`))).toEqual(expect.arrayContaining(['task.c', 'meta.ts']));
  expect(await readdir(inPackage('wasm-tasks/testing'))).toContain('spin.c');
});

test('no test and no page is in it', async () => {
  const files = (await readdir(inPackage('.'), { recursive: true })).filter(file => !file.startsWith('node_modules'));
  expect(files).toContain(join('dist', 'index.d.ts'));
  expect(files.filter(file => /\.test\.|dist.page/.test(file))).toEqual([]);
});

test('what is internal is not in its types', async () => {
  const types = async (path: string): Promise<string> => readFile(inPackage(`dist/${path}.d.ts`), 'utf8');
  const classOf = (text: string, name: string): string => text.slice(text.indexOf(`class ${name} {`));
  const con = classOf(await types('con/con'), 'Con');
  expect(con).toContain('disconnect(): void');
  expect(con).not.toMatch(/\bon(Open|Frame|Route|Lost|End|Offence)\(/);
  const chan = classOf(await types('pubsub/chan'), 'Chan');
  expect(chan).toContain('members(): HashAddress[]');
  expect(chan).not.toMatch(/\b(heard|member|listens|message|approves)\(/);
  const credit = classOf(await types('credit/credit'), 'Credit');
  expect(credit).toContain('usePurse(');
  expect(credit).not.toMatch(/\b(till|hire|setSlots|linkOpened|affords)\b/);
});
