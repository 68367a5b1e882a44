/** Cons with nothing below but this file: two that are joined, or one whose remote the test plays frame by frame. */

import { HashAddress } from '../../address/hash-address.ts';
import { Scope } from '../../base/scope.ts';
import type { Body } from '../../rpc/exchange.ts';
import type { VirtualClock } from '../../sim/virtual-clock.ts';
import { Carrier, type Line } from '../carrier.ts';
import { Con, type ConHandler } from '../con.ts';
import type { ReliableFrame } from '../messages.ts';
import { Session, type SessionHandler } from '../session.ts';
import type { Share, UnreadShares } from '../unread-shares.ts';

export interface LoneCon {
  readonly con: Con;
  readonly session: Session;
  /** What the session tells the con. */
  readonly events: SessionHandler;
  /** What the remote may have this node keep, and so at most what is kept of it unread. */
  readonly share: Share;
  /** What the con's handler heard besides its opening. */
  readonly troubles: string[];
}

/** A con with the peer of that number. */
export function loneCon(clock: VirtualClock, shares: UnreadShares, peer: number, side: 'opener' | 'acceptor'): LoneCon {
  const address = new Uint8Array(32);
  new DataView(address.buffer).setUint32(0, peer);
  const remote = HashAddress.from(address);
  const troubles: string[] = [];
  const handler: ConHandler = {
    onOpen: () => {},
    onRoute: () => {},
    onLost: () => {},
    onEnd: () => void troubles.push('end'),
    onOffence: () => void troubles.push('offence'),
    onTrouble: (_, error) => void troubles.push(String(error)),
  };
  const share = shares.of(remote.toString());
  let session!: Session;
  let events!: SessionHandler;
  const con = new Con(side, share, handler, given => {
    events = given;
    session = new Session({ clock, scope: new Scope(clock) }, remote, events);
    return session;
  });
  return { con, session, events, share, troubles };
}

/** The remote sends a frame; with its length, which is what counts. */
export function receive({ events }: LoneCon, frame: ReliableFrame): void {
  events.onFrame(frame, 'payload' in frame ? frame.payload.length : 32);
}

/** Joins an opener's con to an acceptor's: what one sends the other has a millisecond later. */
export function join(clock: VirtualClock, opener: LoneCon, acceptor: LoneCon): void {
  const secret = { sessionId: new Uint8Array(16), keys: undefined };
  const ends: Carrier[] = [];
  [opener, acceptor].forEach(({ session }, i) => {
    const line: Line = {
      send: (item: Body) => void clock.after(1, () => ends[1 - i]!.take(item)),
      finish: () => {},
      cancel: () => {},
    };
    ends.push(new Carrier(line, { kind: 'direct', transport: 'memory' }, undefined, session));
  });
  [opener, acceptor].forEach(({ session }, i) => {
    session.agreed(secret, true);
    session.adopt(ends[i]!, 0);
  });
}
