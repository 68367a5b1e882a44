/** The flags of `npm start`, read and checked. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inProject, Mendable } from '../project.mjs';

const PORT = 4600;
const CONTRIBUTORS = 2; // so that a lone visitor's job is computed by somebody else, and can be compared
const CONTRIBUTORS_MAX = 64;

export const usage = `npm start -- [flags]
  --port N          the port of the page and the bootstrap node (default ${PORT}; 0 = any free one)
  --host H          the address to listen on (default 127.0.0.1; 0.0.0.0 = every network this machine is in)
  --cert F --key F  a certificate and its key (PEM files): serves https and wss
  --contributors N  headless nodes that compute (default ${CONTRIBUTORS})
  --no-chain        without the development chain: all work is given
  --chain URL       a chain that runs elsewhere, by the URL of its node; --purse 0x… is the SeaPurse on it
  --data FOLDER     where the nodes and the chain keep what is theirs (default .peersea)
  --no-open         do not open a browser
  --json            one line of JSON on standard output when all is ready`;

const options = {
  port: { type: 'string', default: String(PORT) },
  host: { type: 'string', default: '127.0.0.1' },
  cert: { type: 'string' },
  key: { type: 'string' },
  contributors: { type: 'string', default: String(CONTRIBUTORS) },
  'no-chain': { type: 'boolean', default: false },
  chain: { type: 'string' },
  purse: { type: 'string' },
  data: { type: 'string', default: inProject('.peersea') },
  'no-open': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/**
 * @returns {{ port: number, host: string, cert?: string, key?: string, contributors: number, chain: false | { url?: string, purse?: string }, data: string, open: boolean, json: boolean, help: boolean }}
 * `chain`: false for none, without a URL the embedded one. Throws Mendable with exit code 2.
 */
export function readFlags(args) {
  const values = parse(args);
  if ((values.cert === undefined) !== (values.key === undefined))
    throw new Mendable('--cert and --key go together.', 2);
  for (const flag of ['cert', 'key']) checkFile(flag, values[flag]);
  return {
    port: wholeNumber('port', values.port, 65_535),
    host: values.host,
    ...(values.cert === undefined ? {} : { cert: values.cert, key: values.key }),
    contributors: wholeNumber('contributors', values.contributors, CONTRIBUTORS_MAX),
    chain: chainOf(values),
    data: resolve(values.data),
    open: !values['no-open'],
    json: values.json,
    help: values.help,
  };
}

function parse(args) {
  try {
    return parseArgs({ args: joinNegatives(args), options, allowPositionals: false }).values;
  } catch (error) {
    throw new Mendable(`${troubleWords(error)}\n\n${usage}`, 2);
  }
}

/** `--port -1` as `--port=-1`: what is wrong with the number is ours to say. */
function joinNegatives(args) {
  const isNegative = at => /^-\d/.test(args[at] ?? '') && /^--[^=]+$/.test(args[at - 1] ?? '');
  return args.flatMap((arg, at) => (isNegative(at) ? [] : isNegative(at + 1) ? [`${arg}=${args[at + 1]}`] : [arg]));
}

/** npm takes flags before the two dashes for its own and hands on what follows them. */
function troubleWords({ code, message }) {
  const [flag] = /--[\w-]+/.exec(message) ?? [];
  switch (code) {
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `${message.split('.')[0]}. Flags go after two dashes: npm start -- --port 5000`;
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `There is no flag ${flag ?? message}.`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return options[flag?.slice(2)]?.type === 'boolean'
        ? `${flag} takes no value.`
        : `${flag ?? message} needs a value.`;
    default:
      return message;
  }
}

function chainOf({ chain, purse, 'no-chain': none }) {
  if (none && (chain ?? purse) !== undefined)
    throw new Mendable('--no-chain leaves out what --chain and --purse name.', 2);
  if (none) return false;
  if (chain === undefined && purse === undefined) return {};
  if (chain === undefined) throw new Mendable('--purse names a contract on the chain of --chain.', 2);
  if (!/^https?:\/\//.test(chain)) throw new Mendable(`--chain is the http URL of a chain's node, not "${chain}".`, 2);
  if (purse === undefined)
    throw new Mendable(
      '--chain needs --purse 0x…, a SeaPurse that is there: nothing is deployed on a chain of others.',
      2,
    );
  if (!/^0x[0-9a-fA-F]{40}$/.test(purse)) throw new Mendable(`--purse is 0x and 40 hex digits, not "${purse}".`, 2);
  return { url: chain, purse };
}

function wholeNumber(flag, text, max) {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number <= max) return number;
  throw new Mendable(`--${flag} is a whole number from 0 to ${max}, not "${text}".`, 2);
}

function checkFile(flag, path) {
  if (path !== undefined && !existsSync(path)) throw new Mendable(`--${flag} names ${path}, which is not there.`, 2);
}
