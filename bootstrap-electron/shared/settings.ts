/** What the person at this computer decides about the node, and the reading of it from a file or a form. */

import { SeaError } from '../../src/base/errors.ts';
import { fieldsOf } from './channel-messages.ts';
import { BOOTSTRAPS_MAX, SETTING_LENGTH_MAX } from './limits.ts';

export interface Settings {
  /** 0 takes any free one. */
  readonly port: number;
  /** Who can connect: programs on this computer, or whoever reaches one of its addresses. */
  readonly reach: 'computer' | 'network';
  /** What others are told to dial, where it is not an address of this computer (a name, a proxy); '' for none. */
  readonly publicUrl: string;
  /** Nodes whose sea this one joins; none: it is the first of its own. */
  readonly bootstraps: readonly string[];
  /** PEM files for https and wss; both or neither ('' for none). */
  readonly certFile: string;
  readonly keyFile: string;
}

export const defaultSettings: Settings = {
  port: 4600,
  reach: 'computer',
  publicUrl: '',
  bootstraps: [],
  certFile: '',
  keyFile: '',
};

/** Settings from any value; what is left out has its default. Throws BAD_ARGUMENT with a sentence for people. */
export function parseSettings(value: unknown): Settings {
  const fields = { ...defaultSettings, ...fieldsOf(value) };
  const settings: Settings = {
    port: parsePort(fields.port),
    reach: parseReach(fields.reach),
    publicUrl: parseUrl('The address for others', fields.publicUrl, true),
    bootstraps: parseBootstraps(fields.bootstraps),
    certFile: parseText('The certificate', fields.certFile),
    keyFile: parseText('The key', fields.keyFile),
  };
  if ((settings.certFile === '') !== (settings.keyFile === '')) {
    throw unfit('https takes a certificate and its key: give both files or neither.');
  }
  return settings;
}

function parsePort(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw unfit('A port is a whole number from 0 to 65535.');
}

function parseReach(value: unknown): Settings['reach'] {
  if (value === 'computer' || value === 'network') return value;
  throw unfit('Who can connect is "computer" or "network".');
}

function parseBootstraps(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw unfit('The nodes to join are a list of addresses.');
  if (value.length > BOOTSTRAPS_MAX) throw unfit(`At most ${BOOTSTRAPS_MAX} nodes to join.`);
  return value.map(url => parseUrl('A node to join', url, false));
}

function parseUrl(what: string, value: unknown, mayBeEmpty: boolean): string {
  const text = parseText(what, value);
  if (text === '' && mayBeEmpty) return text;
  if (/^wss?:\/\//.test(text) && URL.canParse(text)) return text;
  throw unfit(`${what} begins with wss:// or ws://, not ${JSON.stringify(text.slice(0, 40))}.`);
}

function parseText(what: string, value: unknown): string {
  if (typeof value !== 'string') throw unfit(`${what} is no text.`);
  if (value.length > SETTING_LENGTH_MAX) throw unfit(`${what} is longer than ${SETTING_LENGTH_MAX} characters.`);
  return value.trim();
}

function unfit(sentence: string): SeaError {
  return new SeaError('BAD_ARGUMENT', sentence);
}
