/** Who contributes and to whom it is told, whatever the neighbour is busy with. */

import { expect, it } from 'vitest';
import { scopes } from './messages.ts';
import { TestSea } from './testing/test-sea.ts';
import { echoTask } from './testing/wasm-parts.ts';

it('a neighbour that answers nothing for minutes hears it all the same, as long as the link stands', async () => {
  const sea = new TestSea();
  const { requester, providers } = await sea.star([]);
  const provider = sea.node();
  expect(providers).toEqual([]);
  sea.network.swallow = ({ scope }) => scope === scopes.slots;
  provider.compute.contribute({ slots: 2 });
  sea.link(requester, provider);
  const tries = (): number => sea.network.calls.filter(({ scope }) => scope === scopes.slots).length;
  await sea.pass(300_000, 500);
  expect(tries()).toBeGreaterThanOrEqual(9);
  expect(tries()).toBeLessThanOrEqual(12); // no more than every half minute
  sea.network.swallow = () => false;
  await sea.pass(45_000, 500);

  const results = requester.compute.map(echoTask(), [Uint8Array.of(1)]);
  expect((await sea.until(results.next(), 2_000)).value).toMatchObject({ index: 0 });
  const told = tries();
  await sea.pass(300_000, 500);
  expect(tries()).toBe(told);

  sea.network.swallow = ({ scope }) => scope === scopes.slots;
  provider.compute.contribute({ slots: 3 });
  sea.unlink(requester, provider);
  await sea.pass(60_000, 500);
  expect(tries()).toBe(told + 1);
});
