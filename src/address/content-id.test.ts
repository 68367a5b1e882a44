import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { utf8Encode } from '../base/bytes.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { ContentId } from './content-id.ts';

/** CIDs of raw blocks as IPFS tools print them. */
const known = [
  ['', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
  ['hello world', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
] as const;

test('the ids of known content', () => {
  for (const [content, id] of known) {
    const made = ContentId.of(utf8Encode(content));
    expect(made.toString()).toBe(id);
    expect(made.hex).toBe(createHash('sha256').update(content).digest('hex'));
    expect(ContentId.parse(id).equals(made)).toBe(true);
    expect(JSON.stringify([made])).toBe(`["${id}"]`);
  }
});

test('digests survive the text form, and two differ', () => {
  const random = new SeededRandom('content-id');
  let before: ContentId | undefined;
  for (let round = 0; round < 200; round++) {
    const id = ContentId.fromDigest(random.bytes(32));
    expect(id.toString()).toMatch(/^bafkrei[a-z2-7]{52}$/);
    expect(ContentId.parse(id.toString()).hex).toBe(id.hex);
    expect(before?.equals(id) ?? false).toBe(false);
    before = id;
  }
  for (const byte of [0, 0xff]) {
    const id = ContentId.fromDigest(new Uint8Array(32).fill(byte));
    expect(ContentId.parse(id.toString()).digest).toEqual(id.digest);
  }
});

test('a digest is copied and has 32 bytes', () => {
  const digest = new Uint8Array(32);
  const id = ContentId.fromDigest(digest);
  digest[0] = 1;
  expect(id.hex).toBe('0'.repeat(64));
  for (const length of [0, 31, 33]) expect(() => ContentId.fromDigest(new Uint8Array(length))).toThrow('BAD_ARGUMENT');
});

test('every other text is refused', () => {
  const [, id] = known[0];
  const unfit = {
    nothing: '',
    'a character too few': id.slice(0, -1),
    'a character too many': `${id}a`,
    'upper case': id.toUpperCase(),
    'no multibase prefix': id.slice(1),
    'another multibase': `z${id.slice(1)}`,
    'a character outside the alphabet': `${id.slice(0, 30)}1${id.slice(31)}`,
    'a character of two units': `${id.slice(0, 30)}🌊${id.slice(32)}`,
    'bits past the end': `${id.slice(0, -1)}v`,
    'CID version 0': 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH',
    'the dag-pb codec': 'bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    padding: `${id.slice(0, -1)}=`,
    space: ` ${id.slice(1)}`,
  };
  for (const [what, text] of Object.entries(unfit)) expect(() => ContentId.parse(text), what).toThrow('BAD_ARGUMENT');
});

test('a change of any one character gives another id or none', () => {
  const [, id] = known[1];
  for (let i = 0; i < id.length; i++) {
    const changed = `${id.slice(0, i)}${id[i] === 'a' ? 'b' : 'a'}${id.slice(i + 1)}`;
    let parsed: string | undefined;
    try {
      parsed = ContentId.parse(changed).toString();
    } catch {
      parsed = changed; // refused
    }
    expect(parsed).toBe(changed);
  }
});
