/** What the imports form together: no cycles, and no file that nothing reaches. */

import { type Finding, isTest, type Source } from './source.ts';

/** One finding for each file that is part of a cycle of imports (types included), naming the way round. */
export function checkCycles(sources: readonly Source[]): Finding[] {
  const graph = graphOf(sources);
  const findings: Finding[] = [];
  const reported = new Set<string>();
  for (const start of graph.keys()) {
    const way = wayBack(graph, start);
    const key = way && [...way].sort().join(' ');
    if (way === undefined || key === undefined || reported.has(key)) continue;
    reported.add(key);
    findings.push({ file: start, line: 1, words: `imports itself: ${[...way, start].join(' -> ')}` });
  }
  return findings;
}

/** The shortest way from a file back to itself. */
function wayBack(graph: ReadonlyMap<string, readonly string[]>, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return trace(cameFrom, start, file);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function trace(cameFrom: ReadonlyMap<string, string>, start: string, last: string): string[] {
  const way = [last];
  while (way[0] !== start) way.unshift(cameFrom.get(way[0] as string) as string);
  return way;
}

/**
 * Files that no entry reaches. `entries` are paths that are run or published. A test is an entry of its own for what is
 * there for tests alone, not for anything else: code that only its test uses is dead.
 */
export function checkDeadFiles(sources: readonly Source[], entries: readonly string[]): Finding[] {
  const graph = graphOf(sources);
  const alive = reachable(graph, entries);
  const tests = sources.map(({ path }) => path).filter(path => /\.(test|sim|long|spec)\.|\.d\.ts$/.test(path));
  const used = reachable(graph, tests);
  return sources
    .filter(({ path }) => !alive.has(path) && !(isTest(path) && used.has(path)) && !tests.includes(path))
    .map(({ path }) => ({
      file: path,
      line: 1,
      words: 'nothing that is run or published imports this: use it or remove it',
    }));
}

function reachable(graph: ReadonlyMap<string, readonly string[]>, starts: readonly string[]): Set<string> {
  const found = new Set(starts);
  for (const file of found) for (const next of graph.get(file) ?? []) found.add(next);
  return found;
}

function graphOf(sources: readonly Source[]): Map<string, readonly string[]> {
  const known = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.flatMap(({ path: target }) => (target !== undefined && known.has(target) ? [target] : [])),
    ]),
  );
}
