import { describe, expect, it } from 'vitest';
import { Places } from './places.ts';

const overloaded = expect.objectContaining({ code: 'OVERLOADED' });

describe('Places', () => {
  it('leave room for others beside one who takes all it can: OVERLOADED', () => {
    const places = new Places(3, 2);
    places.take('a');
    places.take('a');
    expect(() => places.take('a')).toThrow(overloaded);
    places.take('b');
    expect(() => places.take('b')).toThrow(overloaded); // it has one, but all three are taken
  });

  it('are free again when they are left, once', () => {
    const places = new Places(2, 1);
    const leave = places.take('a');
    leave();
    leave();
    places.take('a');
    expect(() => places.take('a')).toThrow(overloaded);
    places.take('b');
    expect(() => places.take('c')).toThrow(overloaded);
  });
});
