/** What an application hands over, looked at where it comes in: the wrong type is told with what would be right. */

import { SeaError } from './errors.ts';

const SHOWN_LENGTH_MAX = 40;

/** Throws BAD_ARGUMENT unless `right`: what is taken, and what was given. */
export function checkGiven(right: boolean, takes: string, given: unknown): asserts right {
  if (!right) throw new SeaError('BAD_ARGUMENT', `${takes}, not ${nameOf(given)}`);
}

/** Throws BAD_ARGUMENT unless a text was given. */
export function checkText(what: string, given: unknown): asserts given is string {
  checkGiven(typeof given === 'string', `${what} is a text`, given);
}

/** Throws BAD_ARGUMENT unless a function was given. */
export function checkFunction(what: string, given: unknown): void {
  checkGiven(typeof given === 'function', `${what} is a function`, given);
}

/** Throws BAD_ARGUMENT unless an object was given, as the words show it: `{ slots }`. */
export function checkObject(takes: string, given: unknown): void {
  checkGiven(typeof given === 'object' && given !== null, `it takes ${takes}`, given);
}

/**
 * Throws BAD_ARGUMENT unless an object was given that has no other names than these: a misspelt option would be left out in
 * silence. The message has the name that is most like it, where one is.
 */
export function checkOptions(what: string, given: unknown, names: string): void {
  const takes = `${what} takes { ${names} }`;
  checkGiven(typeof given === 'object' && given !== null, takes, given);
  const known = names.split(', ');
  for (const name of Object.keys(given))
    if (!known.includes(name)) {
      const [nearest] = known.sort((a, b) => likeness(name, b) - likeness(name, a));
      const hint = likeness(name, nearest!) * 2 < name.length ? '' : `: perhaps ${nearest}`;
      throw new SeaError('BAD_ARGUMENT', `${takes}, not ${nameOf(name)}${hint}`);
    }
}

/** How many of the name's letters are followed there as here, but for capitals. */
function likeness(name: string, other: string): number {
  return [...name.toLowerCase()].filter((_, i, all) => other.toLowerCase().includes(all.slice(i, i + 2).join('')))
    .length;
}

/** Short words for any value: a text and a number as they are, an object by its kind. */
function nameOf(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given.slice(0, SHOWN_LENGTH_MAX));
  if (typeof given === 'function') return 'a function';
  if (typeof given !== 'object' || given === null) return String(given);
  return `an object (${(given.constructor as { name?: string } | undefined)?.name ?? 'without a prototype'})`;
}
