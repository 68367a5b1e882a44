/**
 * The window's view of the main process: its server's state, orders to it, and the newcomers whose channels it hands over.
 * All of it comes over the one port that the preload script asks for.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Deferred, deferred } from '../../src/base/deferred.ts';
import { SeaError } from '../../src/base/errors.ts';
import type { Channel, Listener } from '../../src/ports/link-factory.ts';
import type { Port } from '../shared/port.ts';
import { PortChannel } from '../shared/port-channel.ts';
import { defaultSettings, type Settings } from '../shared/settings.ts';
import { type NodeReport, type Order, readNews, type ServerStatus } from '../shared/shell-messages.ts';

/** What the main process has told last. */
export interface ShellView {
  readonly status: ServerStatus;
  readonly settings: Settings;
}

export class Shell {
  readonly #port: Port;
  readonly #view: Signal<ShellView | undefined> = signal<ShellView | undefined>(undefined);
  #onChannel: ((channel: Channel) => void) | undefined;
  /** The newest order to listen, until it is answered. */
  #asked: { readonly ask: number; readonly answer: Deferred<void> } | undefined;
  #asks = 0;

  constructor(port: Port) {
    this.#port = port;
    port.listen({
      onMessage: (data, ports) => this.#hear(data, ports),
      onClose: () => this.#failed(new SeaError('CLOSED', 'the main process is gone')),
    });
  }

  /** Undefined until the main process has spoken. */
  get view(): ReadonlySignal<ShellView | undefined> {
    return this.#view;
  }

  /** Takes the channels of newcomers, one listener at a time. CLOSED when the server does not run. */
  readonly listener: Listener = {
    listen: async onChannel => {
      this.#onChannel = onChannel;
      await this.#listen();
      return () => {
        if (this.#onChannel !== onChannel) return;
        this.#onChannel = undefined;
        this.#order({ kind: 'listen', on: false, ask: ++this.#asks });
      };
    },
  };

  /** Has the server run with these settings; what becomes of it shows in `view`. */
  start(settings: Settings): void {
    this.#order({ kind: 'start', settings });
  }

  stop(): void {
    this.#order({ kind: 'stop' });
  }

  /** For the server's health report. */
  report(report: NodeReport): void {
    this.#order({ kind: 'report', report });
  }

  #hear(data: unknown, ports: readonly Port[]): void {
    const news = readNews(data);
    switch (news?.kind) {
      case 'status':
        this.#view.value = { status: news.status, settings: news.settings };
        break;
      case 'listening':
        this.#answered(news.ask, news.on);
        break;
      case 'channel':
        if (ports[0] !== undefined) this.#take(news.binding, ports[0]);
        break;
      case undefined:
        throw new SeaError('BAD_MESSAGE', 'the main process said what this version does not know');
    }
  }

  #listen(): Promise<void> {
    this.#asked?.answer.reject(new SeaError('CLOSED', 'another listener came'));
    const asked = { ask: ++this.#asks, answer: deferred<void>() };
    this.#asked = asked;
    this.#order({ kind: 'listen', on: true, ask: asked.ask });
    return asked.answer.promise;
  }

  #answered(ask: number, isListening: boolean): void {
    if (this.#asked?.ask !== ask) return; // the answer to an older order
    if (isListening) this.#asked.answer.resolve();
    else this.#asked.answer.reject(new SeaError('CLOSED', 'the server does not run'));
    this.#asked = undefined;
  }

  #take(binding: Uint8Array, port: Port): void {
    const channel = new PortChannel(port, { transport: 'websocket', binding });
    if (this.#onChannel === undefined) channel.close();
    else this.#onChannel(channel);
  }

  #failed(reason: SeaError): void {
    this.#asked?.answer.reject(reason);
    this.#view.value = {
      status: {
        state: 'stopped',
        complaint: { code: reason.code, sentence: 'The app’s other half has ended: restart it.' },
      },
      settings: this.#view.value?.settings ?? defaultSettings,
    };
  }

  #order(order: Order): void {
    this.#port.post(order);
  }
}
