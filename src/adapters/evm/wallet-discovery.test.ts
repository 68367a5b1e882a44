import { expect, test } from 'vitest';
import type { FoundWallet } from './eip1193.ts';
import { WALLETS_MAX } from './limits.ts';
import { discoverWallets } from './wallet-discovery.ts';

const provider = { request: async () => null };
const icon = 'data:image/svg+xml,x';

/** A page on which wallets announce these details when they are asked, as the browser's own scripts do. */
function page(...details: readonly unknown[]): { target: EventTarget; announce: (detail: unknown) => void } {
  const target = new EventTarget();
  const announce = (detail: unknown): void => {
    target.dispatchEvent(Object.assign(new Event('eip6963:announceProvider'), { detail }));
  };
  target.addEventListener('eip6963:requestProvider', () => details.forEach(announce));
  return { target, announce };
}

const wallet = (uuid: string, more: object = {}) => ({
  info: { uuid, name: `W ${uuid}`, icon, rdns: 'x.y', ...more },
  provider,
});

test('wallets that are there, and one that comes later; each once', () => {
  const found: FoundWallet[] = [];
  const { target, announce } = page(wallet('a'), wallet('a'));
  const stop = discoverWallets(target, one => found.push(one));
  expect(found).toEqual([{ id: 'a', name: 'W a', icon, maker: 'x.y', provider }]);
  announce(wallet('b'));
  announce(wallet('a'));
  expect(found.map(({ id }) => id)).toEqual(['a', 'b']);
  stop();
  announce(wallet('c'));
  expect(found).toHaveLength(2);
});

test('what does not look like a wallet is none', () => {
  const found: FoundWallet[] = [];
  const broken = [undefined, null, {}, { info: { uuid: 'x', name: 'X' } }, { info: { uuid: 1, name: 'X' }, provider }];
  discoverWallets(page(...broken, { info: null, provider }).target, one => found.push(one));
  expect(found).toEqual([]);
});

test('a picture that is fetched from elsewhere is left out, a name is cut', () => {
  const found: FoundWallet[] = [];
  const odd = wallet('a', { icon: 'https://elsewhere.example/i.png', name: 'x'.repeat(100), rdns: undefined });
  discoverWallets(page(odd).target, one => found.push(one));
  expect(found).toMatchObject([{ icon: '', name: 'x'.repeat(64), maker: '' }]);
});

test('announcements without end are bounded', () => {
  const found: FoundWallet[] = [];
  const many = Array.from({ length: WALLETS_MAX + 5 }, (_, i) => wallet(`${i}`));
  discoverWallets(page(...many).target, one => found.push(one));
  expect(found).toHaveLength(WALLETS_MAX);
});
