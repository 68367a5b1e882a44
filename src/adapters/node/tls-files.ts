/** A server's certificate and key, read from files and checked before anything listens. */

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { SeaError } from '../../base/errors.ts';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * Reads PEM files: a certificate (chain) and its private key. Undefined when neither is named (plain http). Throws
 * BAD_ARGUMENT naming the file that is missing, unreadable or not what it should be.
 */
export async function readTlsFiles(
  certFile: string | undefined,
  keyFile: string | undefined,
): Promise<TlsFiles | undefined> {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    const given = certFile ?? keyFile;
    throw new SeaError('BAD_ARGUMENT', `https takes a certificate and its key: only ${given} was given`);
  }
  const cert = await readNamed('certificate', certFile);
  const key = await readNamed('key', keyFile);
  checkPem(() => createSecureContext({ cert }), `${certFile} is not a certificate in PEM form`);
  checkPem(() => createSecureContext({ key }), `${keyFile} is not an unencrypted private key in PEM form`);
  checkPem(() => createSecureContext({ cert, key }), `${keyFile} is not the key of the certificate ${certFile}`);
  return { cert, key };
}

async function readNamed(what: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', `the ${what} ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function checkPem(use: () => void, complaint: string): void {
  try {
    use();
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', complaint, { cause });
  }
}
