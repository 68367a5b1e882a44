/** The visitor's own browser, where there is a desktop to open it on. */

import { spawn } from 'node:child_process';

/** The command that opens a URL; undefined where no desktop is to be expected. `env` as process.env has it. */
export function openCommand(platform, env, url) {
  if (env.CI !== undefined) return undefined;
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  const hasDesktop = Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
  return hasDesktop ? ['xdg-open', url] : undefined;
}

/** Opens it if it can; the address is printed anyway, so a failure is not worth a word. */
export function openInBrowser(url) {
  const [command, ...args] = openCommand(process.platform, process.env, url) ?? [];
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
