/**
 * Contents that other nodes push: each is asked about first, by its id and length, and then fetched from its sender like
 * any other, so that only what is missing here travels.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { abortable } from '../base/abort.ts';
import { SeaError } from '../base/errors.ts';
import { Places } from '../base/places.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { PUSHES_MAX, PUSHES_PER_NEIGHBOUR_MAX } from './limits.ts';
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
  readonly #places = new Places(PUSHES_MAX, PUSHES_PER_NEIGHBOUR_MAX);
  #taker: PushTaker | undefined;

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

  /** Answers `blocks:push`. Throws DECLINED, OVERLOADED, NO_STORAGE, BAD_MESSAGE, the signal's reason, what fetching throws. */
  async answer({ body, caller, by = caller, signal }: Incoming): Promise<Body> {
    const request = readPush(body);
    const taker = this.#taker;
    if (taker === undefined) throw new SeaError('DECLINED', 'nothing is taken here');
    const leave = this.#places.take(by.toString());
    try {
      const push = { from: caller, id: request.list.toString(), length: request.length };
      if (!(await abortable(Promise.resolve(taker.wants(push)), signal)))
        throw new SeaError('DECLINED', 'the content is not wanted');
      const bytes = await this.#take(request, caller, signal);
      taker.onTaken?.(push);
      return writePushed(bytes);
    } finally {
      leave();
    }
  }
}
