/**
 * Channels inside one process: what unit tests and Node-free hosts of several seas link by. Frames are copied, arrive in
 * order and never before send() has returned; negotiation pairs two attempts by a token in the description.
 */

import { checkAborted } from '../../base/abort.ts';
import { concat, utf8Encode } from '../../base/bytes.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import type {
  Channel,
  DescriptionSignal,
  LinkFactory,
  Listener,
  Negotiation,
  Signal,
} from '../../ports/link-factory.ts';
import { checkSignal } from '../../ports/signal-check.ts';
import { MemoryChannel, type MemoryPace } from './memory-channel.ts';

type Role = DescriptionSignal['role'];

/** Candidates one attempt takes; the same bound as over WebRTC, so that tests meet it. */
const CANDIDATES_MAX = 64;

/** Makes tokens unique, also between networks. */
let attemptCount = 0;

/** Ends that can reach one another. Two networks share nothing. */
export class MemoryNetwork {
  readonly #listeners = new Map<string, (channel: Channel) => void>();
  readonly #attempts = new Map<string, MemoryNegotiation>();
  readonly #pace: MemoryPace = { held: false, waiting: [] };

  /** Dials `memory:` URLs of this network's listeners and negotiates with its other factories. */
  factory(): LinkFactory {
    return {
      negotiates: true,
      dial: (url, signal) => this.#dial(url, signal),
      negotiate: (role, onSignal) =>
        new MemoryNegotiation(this.#attempts, `attempt${attemptCount++}`, role, onSignal, this.#pace),
    };
  }

  /** Listens on `url`, such as `memory:bootstrap`. A second listener on it gets PORT_IN_USE. */
  listener(url: string): Listener {
    return {
      listen: async onChannel => {
        if (this.#listeners.has(url)) throw new SeaError('PORT_IN_USE', `${url} is listened on already`);
        this.#listeners.set(url, onChannel);
        return () => {
          if (this.#listeners.get(url) === onChannel) this.#listeners.delete(url);
        };
      },
    };
  }

  /** Keeps every frame where it is, so that `bufferedBytes` grows as on a slow network. */
  hold(): void {
    this.#pace.held = true;
  }

  /** Lets the kept frames go, oldest first, and further ones at once. */
  flow(): void {
    this.#pace.held = false;
    for (const resume of this.#pace.waiting.splice(0)) resume();
  }

  async #dial(url: string, signal: AbortSignal): Promise<Channel> {
    checkAborted(signal);
    await Promise.resolve();
    checkAborted(signal);
    const onChannel = this.#listeners.get(url);
    if (onChannel === undefined) throw new SeaError('DIAL_FAILED', `nobody listens on ${url}`);
    const [near, far] = MemoryChannel.pair(this.#pace);
    onChannel(far);
    return near;
  }
}

class MemoryNegotiation implements Negotiation {
  readonly channel: Promise<Channel>;
  readonly #outcome: Deferred<Channel> = deferred();
  readonly #attempts: Map<string, MemoryNegotiation>;
  readonly #token: string;
  readonly #role: Role;
  readonly #tell: (signal: Signal) => void;
  readonly #pace: MemoryPace;
  #settled = false;
  #partner: string | undefined;
  #candidates = 0;

  constructor(
    attempts: Map<string, MemoryNegotiation>,
    token: string,
    role: Role,
    tell: (signal: Signal) => void,
    pace: MemoryPace,
  ) {
    this.channel = this.#outcome.promise;
    this.#attempts = attempts;
    this.#token = token;
    this.#role = role;
    this.#tell = tell;
    this.#pace = pace;
    attempts.set(token, this);
    if (role === 'offer') void Promise.resolve().then(() => this.#describe());
  }

  accept(signal: Signal): void {
    if (this.#settled) return;
    try {
      const fit = checkSignal(signal);
      if (fit.kind === 'description') this.#acceptDescription(fit);
      else if (fit.kind === 'candidate' && ++this.#candidates > CANDIDATES_MAX) {
        throw new SeaError('BAD_MESSAGE', `more than ${CANDIDATES_MAX} candidates`);
      }
    } catch (cause) {
      this.#fail(asSeaError(cause, 'DIAL_FAILED'));
    }
  }

  close(): void {
    this.#fail(new SeaError('ABORTED', 'the attempt was given up'));
  }

  #describe(): void {
    if (this.#settled) return;
    const fingerprint = concat(utf8Encode(this.#token), new Uint8Array(32)).subarray(0, 32);
    const password = this.#token.padEnd(22, '/');
    this.#tell({ kind: 'description', role: this.#role, ufrag: this.#token, password, fingerprint });
    if (!this.#settled) this.#tell({ kind: 'end' });
  }

  #acceptDescription({ role, ufrag }: DescriptionSignal): void {
    if (role === this.#role || this.#partner !== undefined) {
      throw new SeaError('BAD_MESSAGE', `an ${role} where none is expected`);
    }
    this.#partner = ufrag;
    const partner = this.#attempts.get(ufrag);
    if (partner === undefined) throw new SeaError('DIAL_FAILED', 'the other end is not in this network');
    if (this.#role === 'answer') void Promise.resolve().then(() => this.#describe());
    else if (partner.#partner === this.#token) this.#join(partner);
    else throw new SeaError('DIAL_FAILED', 'the other end answered somebody else');
  }

  #join(partner: MemoryNegotiation): void {
    const [near, far] = MemoryChannel.pair(this.#pace);
    for (const [attempt, channel] of [
      [this, near],
      [partner, far],
    ] as const) {
      attempt.#settle();
      attempt.#outcome.resolve(channel);
    }
  }

  #fail(reason: SeaError): void {
    if (this.#settled) return;
    this.#settle();
    this.#outcome.reject(reason);
  }

  #settle(): void {
    this.#settled = true;
    this.#attempts.delete(this.#token);
  }
}
