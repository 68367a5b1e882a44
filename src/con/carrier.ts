/**
 * One way on which the frames of a session travel: an exchange through the sea, sealed unless its ends are neighbours
 * whose link encrypts. It keeps order and says when it is over; what it lost on its end the session sends again.
 */

import { asSeaError, SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import type { Envelope } from './envelope.ts';
import type { Standing } from './route.ts';

/** This side of an exchange. */
export interface Line {
  send(item: Body): void;
  /** Ends it once the other side has everything. */
  finish(): void;
  /** Ends it now. */
  cancel(): void;
}

export interface CarrierHandler {
  onFrame(carrier: Carrier, frame: Uint8Array): void;
  /** Once, unless the carrier was ended here. Undefined: the other side is done with it. */
  onEnd(carrier: Carrier, error: SeaError | undefined): void;
}

export class Carrier {
  readonly standing: Standing;
  readonly #line: Line;
  /** Undefined where nothing need be sealed. */
  readonly #envelope: Envelope | undefined;
  readonly #handler: CarrierHandler;
  #outgoing: Promise<void> = Promise.resolve();
  #incoming: Promise<void> = Promise.resolve();
  #over = false;

  constructor(line: Line, standing: Standing, envelope: Envelope | undefined, handler: CarrierHandler) {
    this.standing = standing;
    this.#line = line;
    this.#envelope = envelope;
    this.#handler = handler;
  }

  /** Dropped once the carrier is over. */
  send(frame: Uint8Array): void {
    if (this.#over) return;
    if (this.#envelope === undefined) return this.#line.send({ value: null, payload: frame });
    const sealing = this.#envelope.seal(frame);
    this.#outgoing = this.#inOrder(this.#outgoing, sealing, payload => this.#line.send({ value: null, payload }));
  }

  /** An item came from the other side. */
  take({ value, payload }: Body): void {
    if (this.#over) return;
    if (value !== null || payload === undefined)
      return this.#fail(new SeaError('BAD_MESSAGE', 'a carrier brought something else than the bytes of a frame'));
    if (this.#envelope === undefined) return this.#handler.onFrame(this, payload);
    const opening = this.#envelope.open(payload);
    this.#incoming = this.#inOrder(this.#incoming, opening, frame => {
      if (!this.#over) this.#handler.onFrame(this, frame);
    });
  }

  /** The exchange is over for a reason that lies outside; what still waits to be opened comes first. */
  ended(error: SeaError | undefined): void {
    if (this.#over) return;
    const tell = (): void => {
      if (this.#over) return;
      this.#over = true;
      this.#handler.onEnd(this, error);
    };
    if (this.#envelope === undefined) tell();
    else void this.#incoming.then(tell);
  }

  /** Sends what was given to it and ends. */
  finish(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#envelope === undefined) this.#line.finish();
    else void this.#outgoing.then(() => this.#line.finish());
  }

  /** Ends at once, at both sides. */
  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#line.cancel();
  }

  /** Acts on the outcome of `work` after everything before it; sealing and opening themselves run side by side. */
  #inOrder(before: Promise<void>, work: Promise<Uint8Array>, act: (bytes: Uint8Array) => void): Promise<void> {
    work.catch(() => {}); // heard below, perhaps much later
    return before
      .then(() => work)
      .then(act)
      .catch(error => this.#fail(asSeaError(error)));
  }

  #fail(error: SeaError): void {
    if (this.#over) return;
    this.cancel();
    this.#handler.onEnd(this, error);
  }
}
