/** Opens an exchange with another member. Its first frame is a greeting; those that follow wait until that was checked. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, type SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Body, Caller } from '../rpc/exchange.ts';
import { DIAL_TIMEOUT_MS, EARLY_FRAMES_MAX, LINK_TIMEOUT_MS } from './limits.ts';
import { encodeOpening, type Opening, scopes } from './messages.ts';
import type { Line } from './partner.ts';

export interface LineTools {
  readonly clock: Clock;
  readonly scope: Scope;
  readonly caller: Caller;
}

export interface LineHandler {
  /** The answer is here, or there will be none. */
  onAnswered(): void;
  /** True to keep the line; else nothing more is heard of it. */
  onGreeting(line: Line, body: Body, rttMs: number): Promise<boolean>;
  onFrame(line: Line, body: Body): void;
  /** It was answered without a greeting. */
  onReferred(line: Line, value: Body['value']): void;
  onFailed(line: Line, error: SeaError): void;
  onOver(line: Line): void;
}

export function openLine(tools: LineTools, address: HashAddress, opening: Opening, handler: LineHandler): Line {
  const { clock, scope, caller } = tools;
  const openedMs = clock.now();
  /** The greeting, and what came before it was checked. */
  const early: Body[] = [];
  let isKept = false;
  const answered = (): void => {
    handler.onAnswered();
    cancelTimeout();
  };
  const greeted = async (greeting: Body): Promise<void> => {
    answered();
    isKept = await handler.onGreeting(line, greeting, clock.now() - openedMs);
    if (isKept) for (const frame of early.slice(1)) handler.onFrame(line, frame);
  };
  const onItem = (body: Body): void => {
    if (isKept) handler.onFrame(line, body);
    else if (early.length < EARLY_FRAMES_MAX && early.push(body) === 1) void greeted(body);
  };
  const body = { value: encodeOpening(opening) };
  const exchange = caller.open(address, scopes.link, body, { timeoutMs: LINK_TIMEOUT_MS, onItem });
  const line: Line = {
    address,
    openedHere: true,
    openedMs,
    by: () => exchange.by,
    send: frame => exchange.send(frame),
    end: () => exchange.cancel(),
  };
  const cancelTimeout = scope.after(DIAL_TIMEOUT_MS, () => exchange.cancel());
  exchange.result
    .then(
      ({ value }) => (early.length > 0 ? undefined : handler.onReferred(line, value)),
      error => (early.length > 0 ? undefined : handler.onFailed(line, asSeaError(error))),
    )
    .finally(() => {
      if (early.length === 0) answered();
      handler.onOver(line);
    });
  return line;
}
