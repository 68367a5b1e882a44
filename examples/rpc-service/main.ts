/** A service in a tab: whoever offers it handles calls and announces a name; whoever needs it finds the name and calls. */

import { type Argument, createSea, SeaError } from 'peersea';

const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const bootstraps = new URLSearchParams(location.search).getAll('bootstrap');
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

const sea = await createSea();
const offer = find<HTMLInputElement>('offer');

/** Handles calls and announces that it does, until the returned function is called. */
async function serve(): Promise<() => void> {
  let calls = 0;
  const unhandle = sea.handle(SERVICE, number => {
    find('offered').textContent = `${++calls} answered`;
    return factorise(number);
  });
  const announcement = sea.announce(SERVICE, new Uint8Array(), { lifetimeMs: 60_000 });
  await announcement.held;
  find('offered').textContent = 'announced';
  return () => {
    announcement.stop();
    unhandle();
    find('offered').textContent = '';
  };
}

/** Asks one after the other: an announcement may outlive its tab by a minute. */
async function ask(number: number): Promise<string> {
  const others = (await sea.find(SERVICE)).filter(({ announcer }) => !announcer.equals(sea.localId()));
  let failure = 'nobody offers it';
  for (const { announcer } of others) {
    try {
      const factors = (await sea.call(announcer, SERVICE, number)) as number[];
      return `${number} = ${factors.join(' × ')}, says ${announcer.toString().slice(0, 6)}`;
    } catch (error) {
      failure = (error as SeaError).code;
    }
  }
  return `No answer: ${failure}`;
}

const say = (id: string) => (error: Error) => {
  find(id).textContent = error.message;
};

let stop: Promise<() => void> | undefined;
offer.addEventListener('change', async () => {
  if (offer.checked) stop = serve();
  else (await stop)?.();
  await stop?.catch(say('offered'));
});

find<HTMLFormElement>('ask').addEventListener('submit', async event => {
  event.preventDefault();
  find('answer').textContent = '…';
  await ask(find<HTMLInputElement>('number').valueAsNumber).then(text => {
    find('answer').textContent = text;
  }, say('answer'));
});

sea.on('offline', () => say('state')(new Error('Offline')));
await sea.goOnline(bootstraps.length > 0 ? bootstraps : ['ws://127.0.0.1:4600/sea']).then(() => {
  find('state').textContent = 'Online';
  offer.disabled = false;
}, say('state'));
