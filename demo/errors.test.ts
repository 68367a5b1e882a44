/** The table of sentences: complete, in whole sentences, and reached from any thrown value. */

import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorNumbers, SeaError } from '../src/base/errors.ts';
import { complaintOf, explanations, PageError } from './errors.ts';

const seaCodes = Object.keys(errorNumbers) as ErrorCode[];

describe('explanations', () => {
  it.each(seaCodes)('%s says what happened and what to do', code => {
    const { what, todo } = explanations[code];
    expect(what).toMatch(/^[A-Z].+\.$/);
    expect(todo).toMatch(/^[A-Z].+\.$/);
    expect(what).not.toContain(code);
  });

  it('has no sentence for a code that does not exist', () => {
    const pageCodes = [
      'PICTURE_UNREADABLE',
      'PICTURE_TOO_LARGE',
      'BAD_NUMBER',
      'BAD_BOOTSTRAP',
      'BAD_OUTPUT',
      'TASK_NOT_LOADED',
      'BAD_ADDRESS',
      'BAD_CHANNEL',
      'CHAT_FULL',
      'FILE_UNREADABLE',
      'FILE_TOO_LARGE',
      'NO_DEVICES',
      'NO_FILE_LINK',
      'BAD_AMOUNT',
      'BAD_PASSPHRASE',
      'BAD_KEY_FILE',
      'UNEXPECTED',
    ];
    expect(Object.keys(explanations).sort()).toEqual([...seaCodes, ...pageCodes].sort());
  });
});

describe('complaintOf', () => {
  it('explains a SeaError by its code and keeps the technical text apart', () => {
    const complaint = complaintOf(new SeaError('NO_PROVIDER', 'nobody within 30 s'));
    expect(complaint.code).toBe('NO_PROVIDER');
    expect(complaint.what).toBe(explanations.NO_PROVIDER.what);
    expect(complaint.detail).toBe('NO_PROVIDER: nobody within 30 s');
  });

  it('says of a page that was refused because of its clock that it is the clock, and by how much', () => {
    const cause = new SeaError('CLOCK_SKEW', "this machine's clock is 125 min behind the other side's");
    const complaint = complaintOf(new SeaError('NO_BOOTSTRAP', `no entry answered (${cause.message})`, { cause }));
    expect(complaint).toEqual({
      code: 'CLOCK_SKEW',
      what: 'No first peer lets this page in: this machine’s clock is 125 min behind the other side’s.',
      todo: explanations.CLOCK_SKEW.todo,
      detail: `NO_BOOTSTRAP: no entry answered (${cause.message})`,
    });
    const other = new SeaError('NO_BOOTSTRAP', 'x', { cause: new SeaError('DIAL_FAILED', 'y') });
    expect(complaintOf(other)).toMatchObject({ code: 'NO_BOOTSTRAP', ...explanations.NO_BOOTSTRAP });
    expect(complaintOf(new SeaError('NO_PROVIDER', 'x', { cause })).code).toBe('NO_PROVIDER');
  });

  it('takes a PageError at its word', () => {
    const complaint = complaintOf(new PageError('PICTURE_TOO_LARGE', 'The picture has 300 megapixels.'));
    expect(complaint).toMatchObject({ code: 'PICTURE_TOO_LARGE', what: 'The picture has 300 megapixels.' });
    expect(complaint.todo).toBe(explanations.PICTURE_TOO_LARGE.todo);
  });

  it('shows anything else as unexpected, with its text', () => {
    expect(complaintOf(new TypeError('x is undefined'))).toMatchObject({
      code: 'UNEXPECTED',
      detail: 'TypeError: x is undefined',
    });
    expect(complaintOf('just text')).toMatchObject({ code: 'UNEXPECTED', detail: 'just text' });
  });
});
