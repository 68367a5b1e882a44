/** A chain of its own for a bench or a test: anvil on a free port, gone when it is stopped, or with us. */

import { Anvil as AnvilProcess } from '../scripts/chain/anvil.mjs';

export interface Anvil {
  readonly url: string;
  readonly stop: () => void;
}

/** Starts the chain of id 31337 with a block for each transaction. */
export async function startAnvil(): Promise<Anvil> {
  const anvil = new AnvilProcess({ port: 0 });
  const url = await anvil.ready();
  if (url === undefined) throw new Error(`anvil ended early (${await anvil.ended})`);
  return { url, stop: () => void anvil.stop() };
}
