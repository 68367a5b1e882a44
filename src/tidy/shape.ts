/** The shape of a file: it says what it is, it is not long, its functions are not long, its types are not given up. */

import { type Finding, isTest, lineAt, type Source, type SyntaxNode, walk } from './source.ts';

export const FUNCTION_LINES_MAX = 70;
export const FILE_LINES_MAX = 400;

const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** Functions longer than FUNCTION_LINES_MAX. A test's callbacks hold its cases and don't count. */
export function checkFunctionLengths(sources: readonly Source[]): Finding[] {
  return sources.filter(({ path }) => !isTest(path)).flatMap(source => findNodes(source, longFunction));
}

function longFunction(node: SyntaxNode, text: string): string | undefined {
  if (!functions.includes(node.type)) return undefined;
  const lines = text.slice(node.start, node.end).split('\n').length;
  return lines > FUNCTION_LINES_MAX
    ? `a function of ${lines} lines: say in fewer than ${FUNCTION_LINES_MAX + 1} what it does`
    : undefined;
}

/** Files longer than FILE_LINES_MAX; test files hold their cases and may be twice as long. */
export function checkFileLengths(sources: readonly Source[]): Finding[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    const max = isTest(path) ? 2 * FILE_LINES_MAX : FILE_LINES_MAX;
    return lines > max ? [{ file: path, line: 1, words: `${lines} lines (at most ${max}): one noun per file` }] : [];
  });
}

/** Files that do not open with a comment. */
export function checkOpenings(sources: readonly Source[]): Finding[] {
  return sources
    .filter(({ path, text, comments }) => !isTest(path) && !opensWithComment(text, comments[0]))
    .map(({ path }) => ({ file: path, line: 1, words: 'open with a comment that says what this file is' }));
}

function opensWithComment(
  text: string,
  first: { readonly start: number; readonly value: string } | undefined,
): boolean {
  if (first === undefined || first.value.replace('*', '').trim() === '') return false;
  return text.slice(0, first.start).replace(/^#!.*/, '').trim() === '';
}

/** `any`, and comments that silence the compiler. A test may expect a type error: that is a check of its own. */
export function checkTypes(sources: readonly Source[]): Finding[] {
  return sources.flatMap(source => {
    const anys = findNodes(source, node =>
      node.type === 'TSAnyKeyword' ? 'any: name the type, or take unknown and narrow it' : undefined,
    );
    const silenced = source.comments.filter(({ value }) => silences(value, isTest(source.path)));
    const lines = silenced.map(({ start }) => lineAt(source.text, start));
    return [
      ...anys,
      ...lines.map(line => ({ file: source.path, line, words: 'do not silence the compiler: mend the type' })),
    ];
  });
}

function silences(comment: string, isInTest: boolean): boolean {
  const [word] = comment.trim().match(/^@ts-[a-z-]+/) ?? [];
  return word !== undefined && !(isInTest && word === '@ts-expect-error');
}

function findNodes(
  { path, text, program }: Source,
  words: (node: SyntaxNode, text: string) => string | undefined,
): Finding[] {
  const findings: Finding[] = [];
  walk(program, node => {
    const found = words(node, text);
    if (found !== undefined) findings.push({ file: path, line: lineAt(text, node.start), words: found });
  });
  return findings;
}
