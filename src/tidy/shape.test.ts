/** Lengths at their limit and one past it; openings; types. */

import { expect, test } from 'vitest';
import {
  checkFileLengths,
  checkFunctionLengths,
  checkOpenings,
  checkTypes,
  FILE_LINES_MAX,
  FUNCTION_LINES_MAX,
} from './shape.ts';
import { type Finding, parseSource, type Source } from './source.ts';

type Rule = (sources: readonly Source[]) => Finding[];

function count(rule: Rule, text: string, path = 'src/link/a.ts'): number {
  return rule([parseSource(path, text)]).length;
}

function functionOf(lines: number): string {
  return `function f() {\n${'  g();\n'.repeat(lines - 2)}}`;
}

test('a function at the limit passes, one line more does not, in any form of function', () => {
  expect(count(checkFunctionLengths, functionOf(FUNCTION_LINES_MAX))).toBe(0);
  expect(count(checkFunctionLengths, functionOf(FUNCTION_LINES_MAX + 1))).toBe(1);
  const body = `{\n${'g();\n'.repeat(FUNCTION_LINES_MAX)}}`;
  expect(count(checkFunctionLengths, `const f = () => ${body};`)).toBe(1);
  expect(count(checkFunctionLengths, `class A { m() ${body} }`)).toBe(1);
});

test("a test's callbacks may be long", () => {
  expect(count(checkFunctionLengths, functionOf(FUNCTION_LINES_MAX + 1), 'src/link/a.test.ts')).toBe(0);
});

test('a file at the limit passes, one line more does not; a test may be twice as long', () => {
  expect(count(checkFileLengths, 'f();\n'.repeat(FILE_LINES_MAX))).toBe(0);
  expect(count(checkFileLengths, 'f();\n'.repeat(FILE_LINES_MAX + 1))).toBe(1);
  expect(count(checkFileLengths, 'f();\n'.repeat(2 * FILE_LINES_MAX), 'src/a.test.ts')).toBe(0);
  expect(count(checkFileLengths, 'f();\n'.repeat(2 * FILE_LINES_MAX + 1), 'src/a.test.ts')).toBe(1);
});

test('a file opens with a comment, after a shebang at most', () => {
  expect(count(checkOpenings, '/** What it is. */\nf();')).toBe(0);
  expect(count(checkOpenings, '// What it is.\nf();')).toBe(0);
  expect(count(checkOpenings, '#!/usr/bin/env node\n/** What it is. */\nf();')).toBe(0);
  expect(count(checkOpenings, 'f();\n/** Too late. */')).toBe(1);
  expect(count(checkOpenings, '/** */\nf();')).toBe(1);
  expect(count(checkOpenings, 'f();')).toBe(1);
});

test('any is found as a type, not as a word', () => {
  expect(count(checkTypes, 'const a: any = 1;')).toBe(1);
  expect(count(checkTypes, 'const a = b as any[];')).toBe(1);
  expect(count(checkTypes, 'const any = "any"; // any')).toBe(0);
});

test('the compiler is not silenced; only a test may expect an error', () => {
  expect(count(checkTypes, '// @ts-ignore\nf();')).toBe(1);
  expect(count(checkTypes, '/* @ts-nocheck */\nf();', 'src/a.test.ts')).toBe(1);
  expect(count(checkTypes, '// @ts-expect-error: for a reason\nf();')).toBe(1);
  expect(count(checkTypes, '// @ts-expect-error: refused\nf();', 'src/a.test.ts')).toBe(0);
});
