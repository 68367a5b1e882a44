/**
 * Lines of JSON as inputs and outputs of tasks: `{"base64":"…"}` stands for those bytes, any other JSON text for its own
 * UTF-8. An output that is JSON text is printed as such, else as base64.
 */

import { fromBase64, toBase64, utf8Decode, utf8Encode } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';

/** The input that a line stands for. Throws BAD_ARGUMENT naming the line. */
export function readInput(line: string, number: number): Uint8Array {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', `line ${number} is not JSON`, { cause });
  }
  if (!isBase64Object(value)) return utf8Encode(line.trim());
  try {
    return fromBase64(value.base64);
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', `line ${number}: "base64" is not base64`, { cause });
  }
}

/** One line without its end. */
export function writeOutput(output: Uint8Array): string {
  try {
    const text = utf8Decode(output);
    const value: unknown = JSON.parse(text);
    return isBase64Object(value) ? JSON.stringify({ base64: toBase64(output) }) : JSON.stringify(value);
  } catch {
    return JSON.stringify({ base64: toBase64(output) }); // not text, or not JSON: bytes
  }
}

function isBase64Object(value: unknown): value is { base64: string } {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === 'base64' && typeof (value as { base64: unknown }).base64 === 'string';
}
