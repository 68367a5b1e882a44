/** A service in a tab: whoever offers it handles calls and announces a name; whoever needs it finds the name and calls. */

import { type Argument, createSea, isSeaError, SeaError } from 'peersea';

const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const bootstraps = new URLSearchParams(location.search).getAll('bootstrap');
if (bootstraps.length === 0) bootstraps.push('ws://127.0.0.1:4600/sea');
const SERVICE = 'peersea-example:factorise';
const NUMBER_MAX = 1e12;

/** Prime factors. Arguments come from strangers: what does not fit is refused with a code that the caller gets. */
function factorise(given: Argument): number[] {
  if (!Number.isInteger(given) || (given as number) < 2 || (given as number) > NUMBER_MAX)
    throw new SeaError('BAD_ARGUMENT', `a whole number from 2 to ${NUMBER_MAX}`);
  const factors: number[] = [];
  let rest = given as number;
  for (let divisor = 2; divisor * divisor <= rest; ) {
    if (rest % divisor !== 0) divisor++;
    else {
      factors.push(divisor);
      rest /= divisor;
    }
  }
  return [...factors, rest];
}

say('state', `Joining by ${bootstraps.join(' or ')} …`);
const sea = await createSea();
const offer = find<HTMLInputElement>('offer');

/** Handles calls and announces that it does, until the returned function is called. */
async function serve(): Promise<() => void> {
  let calls = 0;
  const unhandle = sea.handle(SERVICE, number => {
    say('offered', `${++calls} answered`);
    return factorise(number);
  });
  const announcement = sea.announce(SERVICE, new Uint8Array(), { lifetimeMs: 60_000 });
  const end = (): void => {
    announcement.stop();
    unhandle();
  };
  await announcement.held.catch(error => {
    end();
    throw error;
  });
  return end;
}

/** Asks one after the other: an announcement may outlive its tab by a minute. */
async function ask(number: number): Promise<string> {
  const others = (await sea.find(SERVICE)).filter(({ announcer }) => !announcer.equals(sea.localId()));
  let failure = offer.checked ? 'nobody else offers it' : 'nobody offers it';
  for (const { announcer } of others) {
    try {
      const factors = (await sea.call(announcer, SERVICE, number)) as number[];
      return `${number} = ${factors.join(' × ')}, says ${announcer.toString().slice(0, 6)}`;
    } catch (error) {
      const who = announcer.toString().slice(0, 6);
      failure = isSeaError(error, 'NO_HANDLER') ? `${who} no longer offers it` : `${who}: ${(error as Error).message}`;
    }
  }
  return failure;
}

function say(id: string, text: string): void {
  find(id).textContent = text;
}

let stop = (): void => {};
offer.addEventListener('change', async () => {
  stop();
  stop = () => {};
  say('offered', 'no');
  if (!offer.checked) return;
  offer.disabled = true; // one thing at a time
  try {
    stop = await serve();
    say('offered', 'announced');
  } catch (error) {
    offer.checked = false;
    say('offered', (error as SeaError).message);
  }
  offer.disabled = false;
});

find<HTMLFormElement>('ask').addEventListener('submit', async event => {
  event.preventDefault();
  say('answer', '…');
  const number = find<HTMLInputElement>('number').valueAsNumber;
  say('answer', await ask(number).catch(error => error.message));
});

sea.on('offline', () => say('state', 'Offline'));
sea.on('online', () => say('state', 'Online'));
const lost = (): void => say('state', `Offline: no way in at ${bootstraps.join(', ')}`);
await sea.goOnline(bootstraps, { timeoutMs: 20_000 }).catch(lost);
offer.disabled = !sea.online();
