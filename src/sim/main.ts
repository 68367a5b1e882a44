/** `npm run sim -- --scenario NAME --nodes N --seed S --json`: runs one scenario; the last line is its result. */

import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { churn } from './scenarios/churn.ts';
import { join } from './scenarios/join.ts';
import { lookup } from './scenarios/lookup.ts';
import { nat } from './scenarios/nat.ts';
import { pubsub } from './scenarios/pubsub.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { storage } from './scenarios/storage.ts';

const scenarios = new Map<string, Scenario>([
  ['churn', churn],
  ['join', join],
  ['lookup', lookup],
  ['nat', nat],
  ['pubsub', pubsub],
  ['storage', storage],
]);

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'join' },
    nodes: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const name = values.scenario;
const scenario = scenarios.get(name);
const nodes = Number(values.nodes);
const seed = Number(values.seed);
if (scenario === undefined || !Number.isInteger(nodes) || nodes < 1 || !Number.isInteger(seed)) {
  process.stderr.write(
    `usage: npm run sim -- --scenario ${[...scenarios.keys()].join('|')} --nodes N --seed S [--json]\n`,
  );
  process.exit(2);
}

const result = await scenario({
  nodes,
  seed,
  drain: () => setImmediate(),
  say: line => process.stderr.write(`${line}\n`),
});
for (const fault of result.faults) process.stderr.write(`fault: ${fault}\n`);
if (!result.ok) process.stderr.write(`replay it: npm run sim -- --scenario ${name} --nodes ${nodes} --seed ${seed}\n`);
const { ok, traceHash, metrics } = result;
process.stdout.write(
  `${JSON.stringify({ scenario: name, nodes, seed, ok, traceHash, metrics }, null, values.json ? 0 : 2)}\n`,
);
process.exit(ok ? 0 : 1);
