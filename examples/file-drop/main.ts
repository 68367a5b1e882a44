/** Files from tab to tab: a con between two addresses, a stream for each file, and nothing kept in between. */

import { type Con, type ConStream, createSea, HashAddress } from 'peersea';

const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const bootstraps = new URLSearchParams(location.search).getAll('bootstrap');
const sea = await createSea({ identity: 'passing' }); // every tab is somebody of its own

/** A line of the list: what happens to a file, and how much of it is through. */
class Transfer {
  readonly #words = document.createElement('span');
  readonly #bar = document.createElement('progress');
  readonly #bytes: number;

  constructor(name: string, bytes: number) {
    this.#bytes = bytes;
    this.#bar.max = Math.max(bytes, 1);
    this.#bar.value = 0;
    this.#bar.setAttribute('aria-label', name);
    const item = document.createElement('li');
    item.append(this.#words, ' ', this.#bar);
    find('transfers').append(item);
  }

  say(words: string, ...controls: HTMLElement[]): void {
    this.#words.replaceChildren(words, ' ', ...controls);
  }

  /** Passes bytes on and counts them: more or fewer than promised break the stream off. */
  counted(bytes: ReadableStream<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
    let left = this.#bytes;
    const counter = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        left -= chunk.length;
        if (left < 0) throw new Error('longer than promised');
        this.#bar.value = this.#bytes - left;
        controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
      flush: () => {
        if (left > 0) throw new Error('shorter than promised');
      },
    });
    return bytes.pipeThrough(counter);
  }
}

async function send(con: Con, file: File): Promise<void> {
  const transfer = new Transfer(file.name, file.size);
  transfer.say(`${file.name}: sending`);
  try {
    const { readable, writable } = con.stream(`${file.size}/${file.name.slice(-100)}`);
    await transfer.counted(file.stream()).pipeTo(writable); // goes only as fast as the other side takes it
    await readable.pipeTo(new WritableStream()); // ends when the other side has everything
    transfer.say(`${file.name}: arrived`);
  } catch (error) {
    transfer.say(`${file.name}: not sent, ${(error as Error).message}`);
  }
}

function button(label: string, action: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.textContent = label;
  made.addEventListener('click', action, { once: true });
  return made;
}

/** Offers a file to the person here. Until it is read, the sender can send next to nothing. */
function offer(stream: ConStream, title: string, from: string): void {
  const [, size, name] = /^(\d{1,15})\/([^/]{1,100})$/.exec(title) ?? [];
  const refuse = () => Promise.allSettled([stream.readable.cancel(), stream.writable.abort()]);
  if (name === undefined) return void refuse();
  const transfer = new Transfer(name, Number(size));
  const accept = async (): Promise<void> => {
    transfer.say(`${name}: receiving`);
    const blob = await new Response(transfer.counted(stream.readable)).blob();
    await stream.writable.close(); // tells the sender
    const save = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
    save.textContent = 'Save';
    transfer.say(`${name}: received`, save);
  };
  const failed = (error: Error): void => {
    void refuse();
    transfer.say(`${name}: not received, ${error.message}`);
  };
  const decline = (): void => failed(new Error('declined'));
  const accepted = button('Accept', () => void accept().catch(failed));
  transfer.say(`${from} wants to send ${name} (${size} bytes)`, accepted, button('Decline', decline));
}

sea.on('connection', con => {
  con.on('stream', (stream, title) => offer(stream, title, con.remoteId().toString().slice(0, 6)));
});
