/** The private key that pays for a transaction: from a file or the environment, never from the command line itself. */

import { readFile } from 'node:fs/promises';
import { SeaError } from '../base/errors.ts';

export const keyOptions: { readonly 'key-file': { readonly type: 'string' } } = { 'key-file': { type: 'string' } };

export const keyUsage = `  --key-file FILE   holds the private key of the account that pays the chain's fee, as 0x and 64 hex digits
                    (or the environment has it as PEERSEA_KEY)`;

/** 0x and 64 hex digits. Throws BAD_ARGUMENT, in words that do not repeat what was read. */
export async function readKey(file: string | undefined): Promise<string> {
  const text = (file === undefined ? process.env['PEERSEA_KEY'] : await read(file))?.trim();
  if (text === undefined)
    throw new SeaError('BAD_ARGUMENT', 'name a file with the private key that pays: --key-file FILE');
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text))
    throw new SeaError('BAD_ARGUMENT', `${file ?? 'PEERSEA_KEY'} holds no private key: 0x and 64 hex digits`);
  return text.startsWith('0x') ? text : `0x${text}`;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', `cannot read ${file}`, { cause });
  }
}
