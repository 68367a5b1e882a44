/**
 * Compiles SeaPurse for those who deploy or call it, with the npm compiler alone and the settings of foundry.toml. Writes
 * `out/sea-purse.json`: { compiler, abi, bytecode (of creation, 0x…), runtimeBytes }. `node contracts/build.mjs`.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import solc from 'solc';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** As in foundry.toml: what is tested is what is deployed. */
export const settings = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 10_000 },
  viaIR: false,
  metadata: { bytecodeHash: 'none' },
};

/** Compiles one contract of the file at `path`, seen from this folder. Throws with the compiler's own words. */
export function compile(path, contract) {
  const input = {
    language: 'Solidity',
    sources: { [path]: { content: readFileSync(join(here, path), 'utf8') } },
    settings: {
      ...settings,
      outputSelection: { [path]: { [contract]: ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const made = output.contracts?.[path]?.[contract];
  if (made === undefined) throw new Error(`${path} has no contract ${contract}`);
  const { abi, evm } = made;
  return {
    compiler: solc.version(),
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    runtimeBytes: evm.deployedBytecode.object.length / 2,
  };
}

/** Our own sources by their path, packages by their name. */
function readImport(path) {
  try {
    return { contents: readFileSync(path.startsWith('@') ? require.resolve(path) : join(here, path), 'utf8') };
  } catch (error) {
    return { error: String(error) };
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const artifact = compile('src/SeaPurse.sol', 'SeaPurse');
  mkdirSync(join(here, 'out'), { recursive: true });
  writeFileSync(join(here, 'out', 'sea-purse.json'), `${JSON.stringify(artifact)}\n`);
  process.stderr.write(`Wrote contracts/out/sea-purse.json: ${artifact.runtimeBytes} bytes of code\n`);
}
