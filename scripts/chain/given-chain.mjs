/** A chain that somebody else runs, with a SeaPurse that is there already: looked at before anything is told of it. */

import { Mendable } from '../project.mjs';
import { describePurse, isPurse } from './purse-contract.mjs';
import { ask } from './rpc.mjs';

/** @returns what `/chain.json` says. Throws Mendable. */
export async function lookAtChain(rpc, purse) {
  let chainId;
  try {
    chainId = Number(await ask(rpc, 'eth_chainId'));
  } catch (error) {
    throw new Mendable(`No chain answers at ${rpc} (${error.cause?.code ?? error.message}). Check --chain.`);
  }
  if (!(await isPurse(rpc, purse).catch(() => false)))
    throw new Mendable(`Chain ${chainId} has no SeaPurse at ${purse}. Check --purse.`);
  const { delayS, currency } = await describePurse(rpc, purse, 'ETH');
  return { chainId, purse, rpc, name: `Chain ${chainId}`, currency, delayS, development: false };
}
