/** Files from tab to tab: a con between two addresses, a stream for each file, and nothing kept in between. */

import { type Con, type ConStream, createSea } from 'peersea';

const find = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const bootstraps = new URLSearchParams(location.search).getAll('bootstrap');
if (bootstraps.length === 0) bootstraps.push('ws://127.0.0.1:4600/sea');
const say = (text: string) => find('state').replaceChildren(text);
const sea = await createSea({ identity: 'passing' }); // every tab is somebody of its own

/** A line of the list: words, and a bar that shows how many of the bytes have passed. */
function addLine(name: string, bytes: number) {
  const words = document.createElement('span');
  const bar = Object.assign(document.createElement('progress'), { max: Math.max(bytes, 1), value: 0, ariaLabel: name });
  const item = document.createElement('li');
  item.append(words, ' ', bar);
  find('transfers').append(item);
  const say = (text: string, ...controls: HTMLElement[]) => words.replaceChildren(`${name}: ${text} `, ...controls);
  let passed = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      passed += chunk.length;
      if (passed > bytes) throw new Error('longer than promised');
      bar.value = passed;
      controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    },
  });
  return { say, counter };
}

async function send(con: Con, file: File): Promise<void> {
  const { say, counter } = addLine(file.name, file.size);
  say(con.connected() ? 'sending' : 'looking for the other tab …');
  con.on('connect', () => say('sending'));
  try {
    const { readable, writable } = con.stream(`${file.size}/${file.name.slice(-100)}`);
    await file.stream().pipeThrough(counter).pipeTo(writable); // only as fast as the other side takes it
    await readable.pipeTo(new WritableStream()); // ends when the other side has everything
    say('arrived');
  } catch (error) {
    say(`not sent, ${(error as Error).message}`);
  }
}

const button = (textContent: string, onclick: () => void): HTMLButtonElement =>
  Object.assign(document.createElement('button'), { textContent, onclick });

/** Asks the person here whether to take a file. Until it is read, the sender can send next to nothing. */
function offer({ readable, writable }: ConStream, title: string, from: string): void {
  const [, size, name] = /^(\d{1,15})\/([^/]{1,100})$/.exec(title) ?? ['', '0', 'unnamed'];
  const { say, counter } = addLine(name!, Number(size));
  const take = async (): Promise<void> => {
    say('receiving');
    const blob = await new Response(readable.pipeThrough(counter)).blob();
    await writable.close(); // tells the sender
    const save = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
    save.textContent = 'Save';
    say('received', save);
  };
  const fail = (error: Error): void => {
    say(`not received, ${error.message}`);
    void Promise.allSettled([readable.locked || readable.cancel(), writable.abort()]);
  };
  const accept = button('Accept', () => void take().catch(fail));
  const decline = button('Decline', () => fail(new Error('declined')));
  say(`${size} bytes from ${from}`, accept, decline);
}
sea.on('connection', con => {
  con.on('stream', (stream, title) => offer(stream, title, con.remoteId().toString().slice(0, 6)));
});

const remote = /^#([0-9a-f]{64})$/.exec(location.hash)?.[1]; // from the other tab's link
let con: Con | undefined;
function sendAll(files: Iterable<File>): void {
  if (remote === undefined || !sea.online()) return;
  if (con === undefined) {
    con = sea.connect(remote);
    con.on('disconnect', () => (con = undefined));
  }
  for (const file of files) void send(con, file);
}
find('files').addEventListener('change', event => sendAll((event.target as HTMLInputElement).files ?? []));
document.addEventListener('dragover', event => event.preventDefault());
document.addEventListener('drop', event => {
  event.preventDefault();
  sendAll(event.dataTransfer?.files ?? []);
});

const broken = location.hash !== '' && remote === undefined;
sea.on('online', () => say(broken ? 'Online, but the link is not whole: was all of it copied?' : 'Online'));
sea.on('offline', () => say('Offline'));
await sea.goOnline(bootstraps, { timeoutMs: 20_000 }).catch(() => say(`Offline: no way in at ${bootstraps}`));
if (sea.online()) {
  const self = sea.localId().toString();
  const link = { href: `#${self}`, target: '_blank', textContent: `link to ${self.slice(0, 6)}` };
  find('invite').append(Object.assign(document.createElement('a'), link));
  find('send').hidden = remote === undefined;
  find('remote').textContent = remote?.slice(0, 6) ?? '';
}
