/**
 * Contents that other nodes push: each is asked about first, by its id and length, and then fetched from its sender like
 * any other, so that only what is missing here travels.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { PUSHES_MAX } from './limits.ts';
import { type PushRequest, readPush, writePushed } from './messages.ts';

/** A content that another node wants to leave here. */
export interface Push {
  /** Whoever called. */
  readonly from: HashAddress;
  /** Text form of the content's id. */
  readonly id: string;
  readonly length: number;
}

/** Decides about pushed contents. Without one all are declined. */
export interface PushTaker {
  /** True to take it. */
  readonly wants: (push: Push) => boolean | Promise<boolean>;
  /** It is here now. */
  readonly onTaken?: ((push: Push) => void) | undefined;
}

/** Fetches a content from `from` and keeps all of it; resolves to the bytes that came from there. */
export type Take = (request: PushRequest, from: HashAddress, signal: AbortSignal) => Promise<number>;

export class Pushes {
  readonly #take: Take;
  #taker: PushTaker | undefined;
  #running = 0;

  constructor(take: Take) {
    this.#take = take;
  }

  /** Lets `taker` decide until the returned function is called. Throws BAD_ARGUMENT when another does already. */
  accept(taker: PushTaker): () => void {
    if (this.#taker !== undefined) throw new SeaError('BAD_ARGUMENT', 'pushed contents are taken already');
    this.#taker = taker;
    return () => {
      if (this.#taker === taker) this.#taker = undefined;
    };
  }

  /** Answers `blocks:push`. Throws DECLINED, OVERLOADED, NO_STORAGE, BAD_MESSAGE, and what fetching throws. */
  async answer({ body, caller, signal }: Incoming): Promise<Body> {
    const request = readPush(body);
    const taker = this.#taker;
    if (taker === undefined) throw new SeaError('DECLINED', 'nothing is taken here');
    if (this.#running >= PUSHES_MAX) throw new SeaError('OVERLOADED', `${PUSHES_MAX} contents are being taken`);
    this.#running++;
    try {
      const push = { from: caller, id: request.list.toString(), length: request.length };
      if (!(await taker.wants(push))) throw new SeaError('DECLINED', 'the content is not wanted');
      const bytes = await this.#take(request, caller, signal);
      taker.onTaken?.(push);
      return writePushed(bytes);
    } finally {
      this.#running--;
    }
  }
}
