/**
 * The dependencies in node_modules. `npm install --no-save` rather than `npm ci`: a lock made on one platform may lack the
 * optional packages of another, which `npm ci` refuses; this leaves the lock untouched and heeds it all the same.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { run, runNode } from './child.mjs';
import { isStamped, stamp } from './fingerprint.mjs';
import { inProject, Mendable } from './project.mjs';

const stampFile = inProject('node_modules', '.peersea-installed');

/** Installs what package-lock.json names, unless node_modules is from this very lock. Throws Mendable. */
export async function install() {
  const lock = readFileSync(inProject('package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex');
  if (isStamped(stampFile, wanted)) return giveWindowsExec();
  process.stderr.write('Installing dependencies (once; about 300 MB) …\n');
  const { code } = await npm([
    'install',
    '--no-save',
    '--no-dry-run', // as `npm pack --dry-run` would have it
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ]);
  if (code !== 0) {
    throw new Mendable(
      `The dependencies could not be installed: npm ended with code ${code}, its reason stands above. Check the network ` +
        '(and the proxy, if there is one) and that this folder can be written to, then run the same command again.',
    );
  }
  giveWindowsExec();
  stamp(stampFile, wanted);
}

/**
 * Scripts that must hear signals start with `exec`, because some shells that npm runs them in pass none on. Windows has no
 * such word: a command of that name on npm's search path runs the rest of the line.
 */
function giveWindowsExec() {
  if (process.platform === 'win32') writeFileSync(inProject('node_modules', '.bin', 'exec.cmd'), '@%*\r\n');
}

/** npm as it runs us, so that a user's choice of npm holds; the one on the PATH when we were started without it. */
function npm(args) {
  const own = process.env.npm_execpath;
  if (own?.endsWith('npm-cli.js') && existsSync(own)) return runNode(own, args, { stdout: 'stderr' });
  return process.platform === 'win32'
    ? run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], { stdout: 'stderr' })
    : run('npm', args, { stdout: 'stderr' });
}
