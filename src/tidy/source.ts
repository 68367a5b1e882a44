/**
 * A source file as the tidy rules see it: its text, its syntax tree and what it imports. The rules are pure functions from
 * these to findings; `tidy.test.ts` applies them to the project. Nothing here is part of the library.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

/** One thing that is not as the house wants it: where, and what to do instead. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly words: string;
}

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Import {
  readonly specifier: string;
  /** Path from the project's folder for a relative import; undefined for a package or a Node module. */
  readonly path: string | undefined;
  readonly line: number;
}

export interface Source {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: SyntaxNode;
  readonly comments: readonly { readonly start: number; readonly value: string }[];
  readonly imports: readonly Import[];
}

/** Parses a TypeScript or JavaScript file. Throws when it is not one. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors, module } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const tree = program as unknown as SyntaxNode;
  const named = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)];
  const requests = named.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest] : []));
  const found = [...requests.map(({ value, start }) => ({ specifier: value, start })), ...importsByExpression(tree)];
  const imports = [...new Map(found.map(item => [item.start, item])).values()].map(({ specifier, start }) => ({
    specifier,
    path: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
    line: lineAt(text, start),
  }));
  return { path, text, program: tree, comments, imports };
}

/** `import('./x.ts')`, and `new URL('./x.ts', import.meta.url)` as for a worker. */
function importsByExpression(program: SyntaxNode): { specifier: string; start: number }[] {
  const found: { specifier: string; start: number }[] = [];
  walk(program, node => {
    const target = node.type === 'ImportExpression' ? node.source : urlOfModule(node);
    if (isNode(target) && typeof target.value === 'string') {
      found.push({ specifier: target.value, start: target.start });
    }
  });
  return found;
}

function urlOfModule(node: SyntaxNode): unknown {
  if (node.type !== 'NewExpression' || !isNode(node.callee) || node.callee.name !== 'URL') return undefined;
  const [target, base] = node.arguments as readonly SyntaxNode[];
  return base?.type === 'MemberExpression' && isNode(base.object) && base.object.type === 'MetaProperty'
    ? target
    : undefined;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Calls `visit` with each node, its parent and the key it stands under, outer before inner. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined, key: string) => void,
  parent?: SyntaxNode,
  key = '',
): void {
  visit(node, parent, key);
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, node, name);
  }
}

/** The line, from 1, of a position in a text. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

/** Unit tests, scenarios and what only they use. */
export function isTest(path: string): boolean {
  return /\.(test|sim|long|spec)\.(ts|tsx|mjs)$/.test(path) || isTestSupport(path);
}

/** Not a test itself, but there for tests alone. */
export function isTestSupport(path: string): boolean {
  return /(^|\/)testing\/|^src\/ports\/acceptance\/|^src\/tidy\/|^test\//.test(path);
}

const MADE = new Set(['node_modules', 'dist', 'generated', '.cache', '.git', 'test-results', 'playwright-report']);

/** Paths of every file below `folder` of the project that is not made from others, sorted. */
export function filesUnder(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => !MADE.has(name))
    .flatMap(entry => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(root, path) : [path];
    })
    .sort();
}

/** The parsed code files among `paths`. */
export function readSources(root: string, paths: readonly string[]): Source[] {
  const code = paths.filter(path => /\.(ts|tsx|mjs)$/.test(path));
  return code.map(path => parseSource(path, readFileSync(join(root, path), 'utf8')));
}
