/** The limit that links are measured against: an RTCPeerConnection and its data channel, with nothing around them. */

import type { SignalBus } from './signal-bus.ts';

/** The marks of our own pump, so that both arms keep the same amount queued. */
const HIGH_WATER_BYTES = 1_048_576;
const LOW_WATER_BYTES = 262_144;

export interface RawConnection {
  readonly channel: RTCDataChannel;
  close(): void;
}

type RawSignal = { readonly description: RTCSessionDescriptionInit } | { readonly candidate: RTCIceCandidateInit };

/** Opens a connection over a line of the bus; resolves when the channel is open at this end. */
export async function openRaw(bus: SignalBus, line: number, role: 'offer' | 'answer'): Promise<RawConnection> {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel('raw', { negotiated: true, id: 0 });
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  const say = (signal: RawSignal): void => bus.send(line, new TextEncoder().encode(JSON.stringify(signal)));
  const early: RTCIceCandidateInit[] = [];
  connection.onicecandidate = ({ candidate }) => {
    if (candidate !== null && candidate.candidate !== '') say({ candidate: candidate.toJSON() });
  };
  const hear = async (signal: RawSignal): Promise<void> => {
    if ('candidate' in signal) {
      if (connection.remoteDescription === null) early.push(signal.candidate);
      else await connection.addIceCandidate(signal.candidate);
      return;
    }
    await connection.setRemoteDescription(signal.description);
    for (const candidate of early.splice(0)) await connection.addIceCandidate(candidate);
    if (role === 'answer') await describe();
  };
  const describe = async (): Promise<void> => {
    await connection.setLocalDescription();
    say({ description: connection.localDescription!.toJSON() });
  };
  const forget = bus.listen(line, body => void hear(JSON.parse(new TextDecoder().decode(body)) as RawSignal));
  if (role === 'offer') await describe();
  await new Promise<void>(resolve => {
    channel.onopen = () => resolve();
  });
  return {
    channel,
    close() {
      forget();
      connection.close();
    },
  };
}

/** Sends messages as fast as the channel takes them, waiting for its own event when enough is queued. */
export async function sendAll(channel: RTCDataChannel, message: Uint8Array<ArrayBuffer>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (channel.bufferedAmount >= HIGH_WATER_BYTES) await drained(channel);
    channel.send(message);
  }
}

function drained(channel: RTCDataChannel): Promise<void> {
  return new Promise(resolve => {
    channel.onbufferedamountlow = () => resolve();
  });
}
