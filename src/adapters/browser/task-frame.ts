/**
 * The frame that task workers live in: an invisible iframe of an opaque origin under a policy that allows nothing but
 * its own script and workers. A worker of the page's own origin could read the page's IndexedDB and fetch; one made here
 * has no storage, no network and no way to load further code (measured in Chromium 156; without the policy fetch and
 * eval would work). A `srcdoc` frame inherits the page's Content-Security-Policy too: a page with a strict one allows
 * the frame's script by its hash (`taskFrameScriptHash`), `'wasm-unsafe-eval'` in script-src and `blob:` in worker-src.
 */

import { withTimeout } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import type { Deferred } from '../../base/deferred.ts';
import { deferred } from '../../base/deferred.ts';
import { SeaError } from '../../base/errors.ts';
import { taskFrameScriptHash } from '../worker/generated/task-frame-hash.ts';
import { taskFrameScript } from '../worker/generated/task-worker-source.ts';
import { TASK_FRAME_MS_MAX } from '../worker/limits.ts';
import type { SpawnedWorker, WorkerSpawner } from '../worker/worker-endpoint.ts';
import type { FrameGreeting, FrameOrder, FrameReport } from './task-frame-messages.ts';

const POLICY = `default-src 'none'; script-src '${taskFrameScriptHash}' 'wasm-unsafe-eval'; worker-src blob:`;

/** The whole document of the frame. */
const MARKUP = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>Peersea tasks</title><script>${taskFrameScript}</script>`;

interface OpenFrame {
  readonly element: HTMLIFrameElement;
  /** Sees when a script of the page takes the frame away. */
  readonly watch: MutationObserver;
  readonly port: Promise<MessagePort>;
}

/** Makes workers inside one frame, which is put into the page when the first is needed. */
export class TaskFrame implements WorkerSpawner {
  readonly #program: string;
  readonly #clock: Clock;
  readonly #crashListeners = new Map<number, (detail: string) => void>();
  #opened: OpenFrame | undefined;
  #workersMade = 0;

  /** `program`: text of the classic script that each worker runs; it gets a port by its first message. */
  constructor(program: string, clock: Clock) {
    this.#program = program;
    this.#clock = clock;
  }

  /** Throws UNSUPPORTED where the page forbids the frame. */
  async spawn(onCrash: (detail: string) => void): Promise<SpawnedWorker> {
    const port = await this.#port();
    const id = ++this.#workersMade;
    const { port1: endpoint, port2: workerPort } = new MessageChannel();
    const order = (message: FrameOrder, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
    this.#crashListeners.set(id, onCrash);
    order({ kind: 'start', worker: id }, [workerPort]);
    const terminate = (): void => {
      this.#crashListeners.delete(id);
      order({ kind: 'terminate', worker: id });
      endpoint.close();
    };
    return { endpoint, setBusy: () => {}, terminate };
  }

  /** Takes the frame out of the page; all its workers end with it. */
  close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#crashListeners.clear();
    opened?.watch.disconnect();
    opened?.element.remove();
    opened?.port.then(port => port.close()).catch(() => {}); // a frame that never answered has no port
  }

  #port(): Promise<MessagePort> {
    this.#opened ??= this.#open();
    return this.#opened.port;
  }

  #open(): OpenFrame {
    if (typeof document === 'undefined') throw new SeaError('UNSUPPORTED', 'tasks need a page to put their frame into');
    const element = frameElement();
    const { port1, port2 } = new MessageChannel();
    const ready = deferred<MessagePort>();
    port1.onmessage = event => this.#hear(event.data as FrameReport, port1, ready);
    element.addEventListener('load', () => this.#greet(element, port2), { once: true });
    const watch = new MutationObserver(() => element.isConnected || this.#lose());
    watch.observe(document.documentElement, { childList: true });
    document.documentElement.append(element); // not into the body, which applications empty
    return { element, watch, port: this.#answered(ready.promise, element) };
  }

  /** The origin is opaque and has no name, so the address is "*"; nothing else can be loaded in this frame. */
  #greet(element: HTMLIFrameElement, port: MessagePort): void {
    const greeting: FrameGreeting = { kind: 'peersea-task-frame', program: this.#program };
    element.contentWindow?.postMessage(greeting, '*', [port]);
  }

  #hear(report: FrameReport, port: MessagePort, ready: Deferred<MessagePort>): void {
    if (report.kind === 'ready') {
      ready.resolve(port);
      return;
    }
    const onCrash = this.#crashListeners.get(report.worker);
    this.#crashListeners.delete(report.worker);
    onCrash?.(report.detail);
  }

  async #answered(ready: Promise<MessagePort>, element: HTMLIFrameElement): Promise<MessagePort> {
    try {
      return await withTimeout(this.#clock, ready, TASK_FRAME_MS_MAX, 'the start of the task frame');
    } catch (cause) {
      if (this.#opened?.element === element) this.close();
      throw new SeaError('UNSUPPORTED', refusalText, { cause });
    }
  }

  /** The workers are gone; the next spawn makes a new frame. */
  #lose(): void {
    const listeners = [...this.#crashListeners.values()];
    this.close();
    for (const onCrash of listeners) onCrash('its frame was removed from the page');
  }
}

const refusalText =
  'the task frame does not answer. If this page has a Content-Security-Policy, it must allow ' +
  `'${taskFrameScriptHash}' and 'wasm-unsafe-eval' in script-src, and blob: in worker-src`;

/** Nothing to see, to hear, to focus or to read out. */
function frameElement(): HTMLIFrameElement {
  const element = document.createElement('iframe');
  element.setAttribute('sandbox', 'allow-scripts'); // and not allow-same-origin: that makes the origin opaque
  element.setAttribute('aria-hidden', 'true');
  element.setAttribute('tabindex', '-1');
  element.title = 'Peersea tasks';
  element.inert = true;
  element.hidden = true;
  element.width = '0';
  element.height = '0';
  Object.assign(element.style, { display: 'none', position: 'absolute', border: '0' });
  element.srcdoc = MARKUP;
  return element;
}
