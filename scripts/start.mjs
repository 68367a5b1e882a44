/**
 * Brings up the whole sea on this machine: a chain of its own to pay on, a bootstrap node that serves the page, and
 * contributors that compute; prints the address and stays until it is told to end. `npm start` runs setup before it. Flags: `npm start -- --help`.
 */

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { EmbeddedChain } from './chain/embedded-chain.mjs';
import { lookAtChain } from './chain/given-chain.mjs';
import { endWithParent } from './parent.mjs';
import { inProject, Mendable, main } from './project.mjs';
import { chooseHosts, isLoopback, urlOf } from './start/address.mjs';
import { openInBrowser } from './start/desktop.mjs';
import { readFlags, usage } from './start/flags.mjs';
import { KeptNode } from './start/kept-node.mjs';

const MACHINE_TROUBLE = 6; // exit code, as the command line has it for trouble with this machine

/** Every node that was started, in order, and the chain; and whether they have been told to end. */
const nodes = [];
let chain;
let isEnding = false;

main(async () => {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) return void process.stdout.write(`${usage}\n`);
  if (!existsSync(inProject('dist', 'cli.js'))) throw new Mendable('Nothing is built yet. Start with: npm start');
  const say = text => (flags.json ? process.stderr : process.stdout).write(`${text}\n`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endAll(say));
  endWithParent();
  try {
    await checkPort(flags);
    const chainInfo = await startChain(flags);
    if (chain?.isShared) throw new Mendable(otherRuns(flags.data), MACHINE_TROUBLE);
    await announce(await startSea(flags, chainInfo), flags, say);
  } catch (error) {
    await stopAll();
    throw error;
  }
});

/** @returns what the JSON line says: `{ url, bootstrap: { address, ws, pid }, contributors: [{ address, pid }], chain }` */
async function startSea(flags, chainInfo) {
  const bootstrap = await startBootstrap(flags, chainInfo);
  const { url, ws, env } = addressesOf(flags, bootstrap.said);
  const contributors = await Promise.all(
    Array.from({ length: flags.contributors }, (_, i) => startContributor(i + 1, { ws, env, flags, chainInfo })),
  );
  return {
    url,
    bootstrap: { address: bootstrap.said.address, ws, pid: bootstrap.pid },
    contributors: contributors.map(({ said, pid }) => ({ address: said.address, pid })),
    ...(chainInfo === undefined ? {} : { chain: { ...chainInfo, pid: chain?.pid } }),
  };
}

/** What `/chain.json` says; undefined without a chain. An embedded one that cannot be had keeps nobody from the sea. */
async function startChain({ chain: wanted, data: folder }) {
  if (wanted === false) return undefined;
  if (wanted.url !== undefined) return lookAtChain(wanted.url, wanted.purse);
  const tell = text => process.stderr.write(`${text}\n`);
  chain = new EmbeddedChain(join(folder, 'chain'), tell);
  try {
    const info = await chain.start();
    chain.ended().then(reason => {
      if (isEnding) return;
      tell(`The chain has ended (${reason}): nothing can be paid until npm start is run again. All else goes on.`);
    });
    return info;
  } catch (error) {
    if (!(error instanceof Mendable)) throw error;
    tell(`${error.message} The sea starts without a chain: all work is given.`);
    return undefined;
  }
}

function startBootstrap({ port, host, cert, key, data: folder }, chainInfo) {
  const secure = cert === undefined ? [] : ['--cert', cert, '--key', key];
  const page = ['--page', inProject('dist', 'page')];
  const relay = chainInfo?.development && !isLoopback(host) ? ['--relay-chain'] : []; // it listens on this machine only
  const argsOf = said => [
    'bootstrap',
    '--port',
    said === undefined ? `${port}` : portOf(said.url),
    '--host',
    host,
    ...secure,
    ...page,
    ...chainFlag(chainInfo),
    ...relay,
    ...data(folder, 'bootstrap'),
  ];
  return startNode('bootstrap', argsOf);
}

function startContributor(number, { ws, env, flags, chainInfo }) {
  const args = ['contribute', '--bootstrap', ws, '--slots', '1', ...chainFlag(chainInfo)];
  return startNode(`contributor ${number}`, () => [...args, ...data(flags.data, `contributor-${number}`)], env);
}

function chainFlag(chainInfo) {
  return chainInfo === undefined ? [] : ['--chain', JSON.stringify(chainInfo)];
}

/** What a visitor opens, what our own nodes dial, and what they need to trust it. */
function addressesOf({ host, cert }, said) {
  const hosts = chooseHosts(host, networkInterfaces(), cert && readFileSync(cert));
  const port = portOf(said.url);
  const path = new URL(said.ws).pathname;
  return {
    url: urlOf(cert === undefined ? 'http' : 'https', hosts.visitor, port),
    ws: urlOf(cert === undefined ? 'ws' : 'wss', hosts.local, port).replace(/\/$/, path),
    env: cert === undefined ? {} : { NODE_EXTRA_CA_CERTS: cert }, // a certificate of one's own making
  };
}

function portOf(url) {
  const { port, protocol } = new URL(url);
  return port || (protocol === 'http:' ? '80' : '443');
}

/** Each node keeps its identity and what it has fetched in a folder of its own. */
function data(folder, name) {
  return ['--data', join(folder, name)];
}

async function startNode(name, argsOf, env) {
  const node = new KeptNode(name, argsOf, { env, tell: text => process.stderr.write(`${text}\n`) });
  nodes.push(node);
  const said = await node.start();
  return { said, pid: node.pid };
}

async function announce(sea, flags, say) {
  const { cert, host } = flags;
  say(`\n  Peersea is at  ${sea.url}\n`);
  say(
    `  A bootstrap node and ${count(sea.contributors.length, 'contributor')} run on this machine. Ctrl-C ends them.\n`,
  );
  if (sea.chain !== undefined) say(chainWords(sea.chain));
  if (!isLoopback(host) && cert !== undefined) say(await qrCode(sea.url));
  if (!isLoopback(host) && cert === undefined) say(PLAIN_HTTP);
  if (flags.json) process.stdout.write(`${JSON.stringify(sea)}\n`);
  if (flags.open) openInBrowser(sea.url);
}

function chainWords({ development, rpc, chainId, purse }) {
  if (!development) return `  Work can be paid on chain ${chainId}, with the SeaPurse at ${purse}.\n`;
  return `  Work can be paid in test money, worth nothing, on a development chain at ${rpc}.
  Its state is kept; the page offers a wallet for it.\n`;
}

const PLAIN_HTTP = `  Other devices cannot take part like this: over plain http a browser gives a page of another machine neither
  cryptography nor locks. Make a certificate for this machine (https://github.com/FiloSottile/mkcert does it in two
  commands) and start with --cert FILE --key FILE.
`;

async function qrCode(url) {
  const { renderUnicodeCompact } = await import('uqr');
  return `${renderUnicodeCompact(url, { border: 2 })}\n`;
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Listens for a moment, so that a port that cannot be had is told in words before anything starts. */
function checkPort({ port, host }) {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', error => reject(new Mendable(portTrouble(error.code, port, host), MACHINE_TROUBLE)));
    server.listen(port, host, () => server.close(resolve));
  });
}

/** Its nodes would be two of the same address. */
function otherRuns(folder) {
  return `Another Peersea runs from ${folder} already: open its page, or end it. For a sea beside it:
npm start -- --port 0 --data FOLDER`;
}

function portTrouble(code, port, host) {
  const another = `npm start -- --port ${port + 1 <= 65_535 && port >= 1024 ? port + 1 : 4601}`;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use, perhaps by another Peersea. End that, or take another port: ${another}`;
  if (code === 'EACCES') return `This user may not listen on port ${port}. Take one above 1023: ${another}`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${host}. Leave --host out, or try --host 0.0.0.0`;
  return `Cannot listen on ${host}, port ${port} (${code}). Try: ${another}`;
}

async function endAll(say) {
  if (isEnding) return;
  say('\nEnding …');
  await stopAll();
  process.exit(0);
}

async function stopAll() {
  isEnding = true;
  await Promise.all([...nodes, ...(chain === undefined ? [] : [chain])].map(each => each.stop()));
}
