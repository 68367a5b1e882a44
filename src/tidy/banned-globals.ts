/**
 * Names that the core and the simulator may not use: clocks, timers, chance, and arithmetic whose last bit differs from
 * engine to engine. A run must be replayed exactly from its seed, in Node and in a browser alike.
 */

import { partOf, rows } from './layers.ts';
import { type Finding, isNode, isTest, lineAt, type Source, type SyntaxNode, walk } from './source.ts';

const clock = 'take a Clock (base/clock.ts)';
const chance = 'take a Random (base/random.ts)';
const inexact = 'its last bit differs between engines: use integers, tables, sqrt or multiplication';

/** Whole names, used in any way. */
const names: ReadonlyMap<string, string> = new Map([
  ['Date', clock],
  ['performance', clock],
  ['setTimeout', `${clock}: clock.after, or scope.after`],
  ['setInterval', `${clock}: the node's one heartbeat, or clock.after`],
  ['setImmediate', clock],
  ['requestAnimationFrame', clock],
]);

/** Members, as `object.member`. */
const members: ReadonlyMap<string, string> = new Map([
  ['Math.random', chance],
  ['crypto.getRandomValues', chance],
  ['crypto.randomUUID', chance],
  ['AbortSignal.timeout', `${clock}: withTimeout (base/abort.ts)`],
  ...['log', 'log2', 'log10', 'log1p', 'exp', 'expm1', 'pow', 'cbrt'].map(inexactMember),
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2'].map(inexactMember),
  ...['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'].map(inexactMember),
]);

function inexactMember(name: string): [string, string] {
  return [`Math.${name}`, inexact];
}

/** Uses of banned names in the core and the simulator, each with what to use instead. */
export function checkBannedGlobals(sources: readonly Source[]): Finding[] {
  return sources.filter(({ path }) => isDeterministic(path)).flatMap(checkSource);
}

/** The core, its memory adapters and the simulator, without their tests and the simulator's command line. */
export function isDeterministic(path: string): boolean {
  const part = partOf(path);
  if (part === undefined || isTest(path) || path === 'src/sim/main.ts') return false;
  return part === 'sim' || part === 'adapters/memory' || rows.some(parts => parts.includes(part));
}

function checkSource({ path, text, program }: Source): Finding[] {
  const findings: Finding[] = [];
  walk(program, (node, parent, key) => {
    const found =
      bannedName(node, parent, key) ?? bannedMember(node) ?? wholeMath(node, parent, key) ?? inexactPower(node);
    if (found !== undefined)
      findings.push({ file: path, line: lineAt(text, node.start), words: `${found[0]}: ${found[1]}` });
  });
  return findings;
}

type Banned = readonly [name: string, instead: string];

function bannedName(node: SyntaxNode, parent: SyntaxNode | undefined, key: string): Banned | undefined {
  const name = node.type === 'Identifier' && isReference(parent, key) ? String(node.name) : globalMember(node);
  const instead = name === undefined ? undefined : names.get(name);
  return instead === undefined ? undefined : [name as string, instead];
}

/** `x` of `globalThis.x`. */
function globalMember(node: SyntaxNode): string | undefined {
  const member = memberName(node);
  return member?.startsWith('globalThis.') ? member.slice('globalThis.'.length) : undefined;
}

function bannedMember(node: SyntaxNode): Banned | undefined {
  const member = memberName(node);
  const instead = member === undefined ? undefined : members.get(member);
  return instead === undefined ? undefined : [member as string, instead];
}

/** `Math` taken whole or by a computed name hides which of its functions is meant. */
function wholeMath(node: SyntaxNode, parent: SyntaxNode | undefined, key: string): Banned | undefined {
  if (node.type !== 'Identifier' || node.name !== 'Math' || !isReference(parent, key)) return undefined;
  const isNamed = parent?.type === 'MemberExpression' && memberName(parent) !== undefined;
  return isNamed ? undefined : ['Math', 'name the function where it is used, as in Math.floor(x)'];
}

/** `object.member` or `object['member']` of two plain names. */
function memberName(node: SyntaxNode): string | undefined {
  if (node.type !== 'MemberExpression' || !isNode(node.object) || !isNode(node.property)) return undefined;
  if (node.object.type !== 'Identifier') return undefined;
  const name = node.computed === true ? node.property.value : node.property.name;
  return typeof name === 'string' ? `${String(node.object.name)}.${name}` : undefined;
}

/** False where a name is a key, a member or a type, and so not the global of that name. */
function isReference(parent: SyntaxNode | undefined, key: string): boolean {
  if (parent === undefined || parent.type.startsWith('TS')) return false;
  if (parent.type === 'MemberExpression') return key === 'object' || parent.computed === true;
  const isKeyed = ['Property', 'MethodDefinition', 'PropertyDefinition', 'AccessorProperty'].includes(parent.type);
  return !(isKeyed && key === 'key' && parent.computed !== true);
}

/** Powers are exact for whole exponents of two and for small written ones. */
function inexactPower(node: SyntaxNode): Banned | undefined {
  const isPower = (node.type === 'BinaryExpression' && node.operator === '**') || node.operator === '**=';
  if (!isPower || !isNode(node.right)) return undefined;
  const exponent = writtenNumber(node.right);
  const base = isNode(node.left) ? writtenNumber(node.left) : undefined;
  const isExact = exponent === undefined ? base === 2 : Number.isInteger(exponent);
  return isExact ? undefined : ['**', 'only with a whole number as its exponent, or 2 as its base'];
}

function writtenNumber(node: SyntaxNode): number | undefined {
  if (node.type === 'UnaryExpression' && node.operator === '-' && isNode(node.argument)) {
    const positive = writtenNumber(node.argument);
    return positive === undefined ? undefined : -positive;
  }
  return node.type === 'Literal' && typeof node.value === 'number' ? node.value : undefined;
}
