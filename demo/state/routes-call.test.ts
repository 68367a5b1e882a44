/** Calls by hand over production nodes: to a node, to a point nobody has, to nobody, and what is no address. */

import { expect, it } from 'vitest';
import { conWorld } from '../../src/con/testing/con-world.ts';
import { AddressCall, addressIn } from './routes-call.ts';

it('reaches a node over a hop, and the nearest to any point', async () => {
  const { world, bootstrap, a, b } = await conWorld('calls by hand', false);
  const call = new AddressCall(() => world.clock.now());
  call.follow(a.sea);
  const dial = async (text: string): Promise<unknown> => {
    call.text.value = text;
    await world.until(call.call(), 20_000);
    return call.phase.value;
  };
  const address = b.sea.localId().toString();
  const hops = [bootstrap.sea.localId().toString().slice(0, 16)];
  expect(await dial(` ${address.toUpperCase()} `)).toMatchObject({
    state: 'answered',
    asked: address,
    target: address,
    hops,
  });
  const point = address.slice(0, 60) + (address.endsWith('0000') ? '1111' : '0000');
  expect(await dial(point)).toMatchObject({ state: 'answered', asked: point, target: address, hops });
  expect(await dial('abc')).toMatchObject({ state: 'failed', complaint: { code: 'BAD_ADDRESS' } });
  expect(await dial(a.sea.localId().toString())).toMatchObject({ complaint: { what: 'That is this device itself.' } });
  await a.sea.goOffline();
  expect(await dial(point)).toMatchObject({ state: 'failed', complaint: { code: 'NOT_ONLINE' } });
  await world.end();
});

it('the newest call wins', async () => {
  const { world, a, b } = await conWorld('two calls');
  const call = new AddressCall(() => world.clock.now());
  call.follow(a.sea);
  call.text.value = b.sea.localId().toString();
  const first = call.call();
  call.text.value = 'nonsense';
  await call.call();
  expect(call.phase.value.state).toBe('failed');
  await world.until(first, 20_000);
  expect(call.phase.value.state).toBe('failed');
  await world.end();
});

it('an address has 64 hex digits, blanks aside; a random point is one', () => {
  const call = new AddressCall(() => 0);
  call.random();
  expect(addressIn(call.text.value)).toMatch(/^[0-9a-f]{64}$/);
  expect(addressIn(` ${'AB '.repeat(32)}\n`)).toBe('ab'.repeat(32));
  for (const text of ['', 'ab'.repeat(31), 'ab'.repeat(33), 'gg'.repeat(32)])
    expect(() => addressIn(text)).toThrow('64 digits');
});
