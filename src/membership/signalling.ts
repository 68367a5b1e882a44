/**
 * Carries the signals of a negotiated dial through the sea: one call per dial, a two-way stream over the recorded path.
 * Implements `link/signaller.ts` for the side that asks, and answers for the side that is asked.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { asSeaError } from '../base/errors.ts';
import { DIAL_TIMEOUT_MS } from '../link/limits.ts';
import type { Links } from '../link/links.ts';
import type { SignalLine, SignalListener, Signaller } from '../link/signaller.ts';
import type { Body, Caller, Incoming } from '../rpc/exchange.ts';
import { decodeLinkItem, encodeLinkItem, scopes } from './messages.ts';

export class SeaSignaller implements Signaller {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  open(peer: HashAddress, via: HashAddress | undefined, listener: SignalListener): SignalLine {
    const exchange = this.#caller.open(
      peer,
      scopes.link,
      { value: [] },
      {
        via,
        timeoutMs: DIAL_TIMEOUT_MS,
        onItem: body => {
          try {
            const item = decodeLinkItem(body.value);
            if (item === 'agreed') listener.onAgreed();
            else listener.onSignal(item);
          } catch (error) {
            listener.onEnd(asSeaError(error, 'BAD_MESSAGE'));
          }
        },
      },
    );
    exchange.result.then(
      () => listener.onEnd(undefined),
      error => listener.onEnd(asSeaError(error, 'DIAL_FAILED')),
    );
    return {
      send: signal => exchange.send({ value: encodeLinkItem(signal) }),
      close: () => exchange.cancel(),
    };
  }
}

/** Answers `sea:link`: agrees or declines, then negotiates until the link stands. */
export async function answerLink(links: Links, incoming: Incoming): Promise<Body> {
  const answer = links.answer(
    incoming.caller,
    signal => incoming.send({ value: encodeLinkItem(signal) }),
    incoming.signal,
  );
  incoming.send({ value: encodeLinkItem('agreed') });
  incoming.onItem(body => {
    const item = decodeLinkItem(body.value);
    if (item !== 'agreed') answer.accept(item);
  });
  await answer.done;
  return { value: null };
}
