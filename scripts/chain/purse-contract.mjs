/** SeaPurse on a chain: put there, found there, asked what it holds. */

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '../project.mjs';
import { ask } from './rpc.mjs';

/** Deploys what it is given at an address made of a salt and the code; on every development chain. */
const FACTORY = '0x4e59b44847b379578588920ca78fbf26c0b4956c';
/** First four bytes of the views that are asked; a test holds those of SeaPurse against the contract. */
export const UNLOCK_DELAY_SELECTOR = '0x0519da32';
export const ASSET_SELECTOR = '0x38d52e0f';
const SYMBOL_SELECTOR = '0x95d89b41';
const DECIMALS_SELECTOR = '0x313ce567';

const LOOK_EVERY_MS = 10;
const LOOKS_MAX = 500;

/** The compiled contract: `{ bytecode, version }`, where the version differs for different code. */
export function readArtifact(path = inProject('contracts', 'out', 'sea-purse.json')) {
  const { bytecode } = JSON.parse(readFileSync(path, 'utf8'));
  return { bytecode, version: createHash('sha256').update(bytecode).digest('hex').slice(0, 16) };
}

/**
 * Deploys SeaPurse for the chain's coin by the chain's first account. At an address that no other chain has: what was signed
 * for a chain that is lost can never be used on the next. @returns {Promise<string>} the address
 */
export async function deployPurse(rpc, { bytecode }, delayS) {
  const [from] = await ask(rpc, 'eth_accounts');
  const salt = randomBytes(32).toString('hex');
  const data = `0x${salt}${bytecode.slice(2)}${word(0)}${word(delayS)}`;
  const call = { from, to: FACTORY, data };
  const address = await ask(rpc, 'eth_call', [call, 'latest']);
  await mined(rpc, await ask(rpc, 'eth_sendTransaction', [call]));
  if (!(await isPurse(rpc, address))) throw new Error('the contract was not deployed');
  return address;
}

/** The chain answers a little before the block is there. */
async function mined(rpc, hash) {
  for (let i = 0; i < LOOKS_MAX; i++) {
    if ((await ask(rpc, 'eth_getTransactionReceipt', [hash])) !== null) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error('the contract was not mined in time');
}

/** True where a contract at the address answers as SeaPurse does. */
export async function isPurse(rpc, address) {
  const delay = await view(rpc, address, UNLOCK_DELAY_SELECTOR);
  return delay.length === 66 && Number(delay) > 0;
}

/** `{ delayS, currency: { symbol, decimals } }` of a SeaPurse; the coin, where that is its asset, is called `coin`. */
export async function describePurse(rpc, address, coin) {
  const delayS = Number(await view(rpc, address, UNLOCK_DELAY_SELECTOR));
  const asset = `0x${(await view(rpc, address, ASSET_SELECTOR)).slice(-40)}`;
  if (/^0x0*$/.test(asset)) return { delayS, currency: { symbol: coin, decimals: 18 } };
  const decimals = Number(await view(rpc, asset, DECIMALS_SELECTOR));
  const symbol = textOf(await view(rpc, asset, SYMBOL_SELECTOR));
  return { delayS, currency: { symbol, decimals } };
}

/** The hex that a view returns; `0x` where there is no contract, or another one. */
async function view(rpc, to, data) {
  try {
    return await ask(rpc, 'eth_call', [{ to, data }, 'latest']);
  } catch (error) {
    if (/revert/.test(error.message)) return '0x';
    throw error;
  }
}

/** A string as the ABI has it: where it begins, how long it is, its bytes. */
function textOf(data) {
  const bytes = Buffer.from(data.slice(2), 'hex');
  const length = Number(`0x${bytes.subarray(32, 64).toString('hex')}`);
  return bytes.subarray(64, 64 + length).toString();
}

function word(number) {
  return number.toString(16).padStart(64, '0');
}
