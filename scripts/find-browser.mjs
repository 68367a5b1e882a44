/**
 * A browser for the browser tests: one that is named, one that is found, else one that is installed. Chrome, Chromium and
 * Edge all do. Run by itself it prints the path: `node scripts/find-browser.mjs`.
 */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tools } from './build.mjs';
import { run, runNode } from './child.mjs';
import { inProject, Mendable, main } from './project.mjs';

const VERSION_TIMEOUT_MS = 20_000;

const NAMES = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];

const WINDOWS_PATHS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

/** Where a browser may be on a machine, likeliest first. `platform` and `env` are those of `process`. */
export function candidatePaths(platform, env) {
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(Boolean);
    return folders.flatMap(folder => WINDOWS_PATHS.map(parts => join(folder, ...parts)));
  }
  const onPath = (env.PATH ?? '').split(delimiter).flatMap(folder => NAMES.map(name => join(folder, name)));
  if (platform !== 'darwin') return onPath;
  const folders = ['/Applications', join(env.HOME ?? '', 'Applications')];
  return [
    ...folders.flatMap(folder => MAC_APPS.map(app => join(folder, `${app}.app`, 'Contents', 'MacOS', app))),
    ...onPath,
  ];
}

/** The path of a browser, installing one if there is none and it can be. Throws Mendable. */
export async function findBrowser() {
  const named = process.env.PEERSEA_BROWSER;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Mendable(
      `PEERSEA_BROWSER names ${named}, which is not there. Set it to the path of Chrome, Chromium or Edge, or unset it.`,
    );
  }
  return (await findInstalled()) ?? (await installDebian()) ?? (await downloadPlaywrights()) ?? fail();
}

async function findInstalled() {
  for (const path of [...candidatePaths(process.platform, process.env), playwrightsOwn()]) {
    if (path !== undefined && existsSync(path) && (await isRunnable(path))) return path;
  }
  return undefined;
}

/** Where Playwright keeps the Chromium it downloads, whether it is there or not. */
function playwrightsOwn() {
  try {
    return createRequire(inProject('package.json'))('@playwright/test').chromium.executablePath();
  } catch {
    return undefined; // nothing is installed yet
  }
}

/** Some systems put a script of the browser's name on the PATH that only says how to install it. */
function isRunnable(path) {
  if (process.platform !== 'linux') return Promise.resolve(true); // elsewhere `--version` opens a window
  return new Promise(resolve => {
    execFile(path, ['--version'], { timeout: VERSION_TIMEOUT_MS }, error => resolve(error === null));
  });
}

async function installDebian() {
  const hasApt = process.platform === 'linux' && existsSync('/usr/bin/apt-get');
  if (!hasApt || process.getuid?.() !== 0) return undefined;
  process.stderr.write('No browser found: installing the package "chromium" …\n');
  const quiet = { stdout: 'stderr', env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-qq'], quiet); // an outdated list may still do
  const { code } = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
  return code === 0 ? findInstalled() : undefined;
}

async function downloadPlaywrights() {
  if (!existsSync(tools.playwright)) return undefined;
  process.stderr.write("No browser found: downloading Playwright's own Chromium …\n");
  const { code } = await runNode(tools.playwright, ['install', 'chromium'], { stdout: 'stderr' });
  return code === 0 ? findInstalled() : undefined;
}

function fail() {
  throw new Mendable(
    'No browser was found and none could be installed. Install Chrome, Chromium or Edge, or set PEERSEA_BROWSER to the path of one.',
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(async () => process.stdout.write(`${await findBrowser()}\n`));
}
