/** Text that has no place in the project: what is left to do, and where one machine keeps things. */

import { type Finding, lineAt } from './source.ts';

/** Each is spelled so that this file does not hold it. */
const unwanted: readonly (readonly [RegExp, string])[] = [
  [/\b(?:TO[D]O|FIX[M]E|XX[X])\b/g, 'do it, or write it down in an issue'],
  [/(?<![\w.:-])\/(?:wor[k]|roo[t]|hom[e])\/\w/g, "a path of one machine: say it from the project's folder"],
  [/\bregistr[y]\.[a-z]+\./g, "the address of a registry: the user's npm knows its own"],
];

/** Unwanted words in any kind of text file. */
export function checkWording(file: string, text: string): Finding[] {
  return unwanted.flatMap(([pattern, words]) =>
    [...text.matchAll(pattern)].map(({ index }) => ({ file, line: lineAt(text, index), words })),
  );
}

/** Addresses in a lock file that packages were once fetched from: they would be those of whoever wrote it. */
export function checkLockFile(file: string, text: string): Finding[] {
  const { packages } = JSON.parse(text) as { packages: Record<string, { resolved?: string; link?: boolean }> };
  return Object.entries(packages)
    .filter(([, { resolved, link }]) => resolved !== undefined && link !== true)
    .map(([name]) => ({
      file,
      line: 1,
      words: `${name} records where it was fetched: npm install with the project's .npmrc`,
    }));
}
