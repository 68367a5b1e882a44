/** A chain of its own for a bench: anvil on a free port, gone when it is stopped. */

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Anvil {
  readonly url: string;
  readonly stop: () => void;
}

const require = createRequire(import.meta.url);

/** Starts the chain of id 31337 with a block for each transaction. */
export async function startAnvil(): Promise<Anvil> {
  const child = spawn(binary(), ['--host', '127.0.0.1', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`anvil ended with code ${code}`)));
  });
  failed.catch(() => {}); // it also ends when we end it
  const url = await Promise.race([addressIn(createInterface({ input: child.stdout })), failed]);
  child.stdout.resume();
  return { url, stop: () => child.kill() };
}

async function addressIn(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const [, address] = line.match(/^Listening on (.+)$/) ?? [];
    if (address !== undefined) return `http://${address}`;
  }
  throw new Error('anvil said no address');
}

/** The program itself, not its launcher: so that the process we end is the chain. */
function binary(): string {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  const folder = `@foundry-rs/anvil-${process.platform}-${arch}`;
  const name = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  return join(require.resolve(`${folder}/package.json`), '..', 'bin', name);
}
