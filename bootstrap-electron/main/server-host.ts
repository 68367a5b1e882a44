/**
 * The main process's half of the node, without Electron: owns the server, obeys the window's orders, hands it every
 * newcomer's channel. The peer itself lives in the window; while none listens, newcomers are refused.
 */

import {
  type BootstrapServer,
  type BootstrapServerOptions,
  startBootstrapServer,
} from '../../src/adapters/node/bootstrap-server.ts';
import { taskFrameScriptHash } from '../../src/adapters/worker/generated/task-frame-hash.ts';
import type { Clock } from '../../src/base/clock.ts';
import { asSeaError, type SeaError } from '../../src/base/errors.ts';
import type { Channel } from '../../src/ports/link-factory.ts';
import type { Log } from '../../src/ports/log.ts';
import { CONNECTIONS_MAX } from '../shared/limits.ts';
import type { Port, PortPair } from '../shared/port.ts';
import { defaultSettings, parseSettings, type Settings } from '../shared/settings.ts';
import { type News, type NodeReport, type Order, readOrder, type ServerStatus } from '../shared/shell-messages.ts';
import { addressesToGive, type Interfaces } from './addresses.ts';
import { relay } from './relay.ts';
import type { SettingsFile } from './settings-file.ts';

export interface ServerHostOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly settingsFile: SettingsFile;
  /** The built page, which the server then serves; undefined where there is none. */
  readonly pageFolder: string | undefined;
  /** Makes the two ends of a port between this process and the window. */
  readonly makePorts: () => PortPair;
  readonly interfaces: () => Interfaces;
}

type Serving =
  | { readonly state: 'stopped'; readonly complaint: SeaError | undefined }
  | { readonly state: 'starting' | 'stopping' }
  | { readonly state: 'running'; readonly server: BootstrapServer; readonly sinceMs: number };

export class ServerHost {
  readonly #options: ServerHostOptions;
  #settings: Settings = defaultSettings;
  #serving: Serving = { state: 'stopped', complaint: undefined };
  /** Orders take effect one after the other. */
  #work: Promise<void> = Promise.resolve();
  #window: Port | undefined;
  #report: NodeReport | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: ServerHostOptions) {
    this.#options = options;
  }

  /** Reads the kept settings and starts the server if it was running when the app was last left. */
  async resume(): Promise<void> {
    const { settings, isRunning } = await this.#options.settingsFile.read();
    this.#settings = settings;
    this.#tellStatus();
    if (isRunning) await this.#inTurn(() => this.#start(settings));
  }

  /** Takes a window's port. An earlier window (this one before a reload) is let go. */
  attach(port: Port): void {
    this.#window?.close();
    this.#forgetWindow();
    this.#window = port;
    port.listen({
      onMessage: data => {
        if (this.#window === port) this.#obey(readOrder(data));
      },
      onClose: () => {
        if (this.#window === port) this.#forgetWindow();
      },
    });
    this.#tellStatus();
  }

  /** Ends the server; what was kept stays. Idempotent. */
  async close(): Promise<void> {
    await this.#inTurn(() => this.#stop());
    this.#window?.close();
    this.#forgetWindow();
  }

  #obey(order: Order | undefined): void {
    switch (order?.kind) {
      case 'start':
        void this.#inTurn(() => this.#startAnew(order.settings));
        break;
      case 'stop':
        void this.#inTurn(async () => {
          await this.#stop();
          await this.#keep(false);
        });
        break;
      case 'listen':
        void this.#inTurn(() => this.#listen(order.on, order.ask));
        break;
      case 'report':
        this.#report = order.report;
        break;
      case undefined:
        this.#options.log.write('error', 'the window said what this version does not know');
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch(error => {
      this.#options.log.write('error', 'an order failed', { error: String(error) });
    });
    return this.#work;
  }

  async #startAnew(unread: unknown): Promise<void> {
    await this.#stop();
    try {
      this.#settings = parseSettings(unread);
    } catch (error) {
      this.#enter({ state: 'stopped', complaint: asSeaError(error) });
      return;
    }
    await this.#start(this.#settings);
    await this.#keep(this.#serving.state === 'running');
  }

  async #start(settings: Settings): Promise<void> {
    this.#enter({ state: 'starting' });
    try {
      const server = await startBootstrapServer(this.#serverOptions(settings));
      this.#enter({ state: 'running', server, sinceMs: this.#options.clock.now() });
    } catch (error) {
      this.#enter({ state: 'stopped', complaint: asSeaError(error) });
    }
  }

  async #stop(): Promise<void> {
    if (this.#serving.state !== 'running') return;
    const { server } = this.#serving;
    this.#enter({ state: 'stopping' });
    this.#endListening();
    this.#report = undefined;
    await server.close();
    this.#enter({ state: 'stopped', complaint: undefined });
  }

  #serverOptions({ port, reach, certFile, keyFile }: Settings): BootstrapServerOptions {
    const { clock, log, pageFolder } = this.#options;
    return {
      host: reach === 'computer' ? '127.0.0.1' : '', // '' is every address, of IPv6 too where the computer has it
      port,
      ...(certFile === '' ? {} : { cert: certFile, key: keyFile }),
      pageFolder,
      taskFrameScriptHash,
      limits: { connectionsMax: CONNECTIONS_MAX },
      clock,
      log,
      status: () => ({ ...(this.#report ?? { links: 0, online: false }) }),
    };
  }

  async #listen(on: boolean, ask: number): Promise<void> {
    this.#endListening();
    if (on && this.#serving.state === 'running') {
      this.#stopListening = await this.#serving.server.listener.listen(channel => this.#handOver(channel));
    }
    this.#tell({ kind: 'listening', on: this.#stopListening !== undefined, ask });
  }

  #endListening(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #handOver(channel: Channel): void {
    const { near, far } = this.#options.makePorts();
    relay(channel, near);
    this.#tell({ kind: 'channel', binding: channel.binding }, [far]);
  }

  /** Its channels end by themselves: their ports close with the window. */
  #forgetWindow(): void {
    this.#window = undefined;
    this.#report = undefined;
    this.#endListening();
  }

  #keep(isRunning: boolean): Promise<void> {
    return this.#options.settingsFile.write({ settings: this.#settings, isRunning });
  }

  #enter(serving: Serving): void {
    this.#serving = serving;
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#tell({ kind: 'status', status: this.#status(), settings: this.#settings });
  }

  #status(): ServerStatus {
    const serving = this.#serving;
    switch (serving.state) {
      case 'starting':
      case 'stopping':
        return { state: serving.state };
      case 'stopped':
        return { state: 'stopped', complaint: serving.complaint === undefined ? null : complaintOf(serving.complaint) };
      case 'running': {
        const { wsUrls, pageUrls } = addressesToGive(this.#settings, serving.server.port, this.#options.interfaces());
        const uptimeMs = this.#options.clock.now() - serving.sinceMs;
        return { state: 'running', wsUrls, pageUrls: this.#options.pageFolder === undefined ? [] : pageUrls, uptimeMs };
      }
    }
  }

  #tell(news: News, handles?: readonly unknown[]): void {
    this.#window?.post(news, handles);
  }
}

/** An error's text begins with its code. */
function complaintOf(error: SeaError): { code: SeaError['code']; sentence: string } {
  return { code: error.code, sentence: error.message.replace(`${error.code}: `, '') };
}
