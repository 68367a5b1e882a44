/** Chat: a channel that every tab joins; what one sends there, all others hear. */

import { type Argument, createSea, isSeaError } from 'peersea';

const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const bootstraps = new URLSearchParams(location.search).getAll('bootstrap');
if (bootstraps.length === 0) bootstraps.push('ws://127.0.0.1:4600/sea');

interface Line {
  readonly name: string;
  readonly text: string;
}

/** What strangers send is checked before it is shown. */
function isLine(value: Argument): value is Argument & Line {
  const { name, text } = (value ?? {}) as Partial<Line>;
  return typeof name === 'string' && name.length <= 30 && typeof text === 'string' && text.length <= 500;
}

function show({ name, text }: Line, from: string): void {
  const item = document.createElement('li');
  item.textContent = `${name} (${from}): ${text}`;
  find('log').append(item);
}

const say = (text: string): void => find('state').replaceChildren(text);
say(`Joining by ${bootstraps.join(' or ')} …`);
const sea = await createSea();
const channel = sea.join('peersea-example-chat');

function showState(): void {
  const others = channel.members().length;
  say(sea.online() ? `Online, with ${others} other${others === 1 ? '' : 's'}` : 'Offline');
}
sea.on('online', showState);
sea.on('offline', showState);
channel.on('member', showState);

channel.validate('line', isLine); // a message that fails here is not passed on either
channel.on('line', (value, from) => {
  if (isLine(value)) show(value, from.toString().slice(0, 6));
});

find<HTMLFormElement>('say').addEventListener('submit', async event => {
  event.preventDefault();
  const text = find<HTMLInputElement>('text');
  const line = { name: find<HTMLInputElement>('name').value, text: text.value };
  try {
    await channel.send('line', { ...line });
    show(line, 'you');
    text.value = '';
  } catch (error) {
    say(isSeaError(error, 'NOT_ONLINE') ? 'Not sent: this page is offline' : `Not sent: ${(error as Error).message}`);
  }
});

await sea
  .goOnline(bootstraps, { timeoutMs: 20_000 })
  .catch(() => say(`Offline: no way in at ${bootstraps.join(', ')}`));
