import wrtc from '@roamhq/wrtc';
import { describe, expect, it } from 'vitest';
import { SeaError } from '../../base/errors.ts';
import { linkFactoryAcceptance, negotiatePair } from '../../ports/acceptance/link-factory.ts';
import { Recorder } from '../../ports/acceptance/recorder.ts';
import type { Channel, LinkFactory, Signal } from '../../ports/link-factory.ts';
import { readCandidate, writeCandidate } from './candidate.ts';
import { readDescription, readFingerprint, writeDescription } from './description.ts';
import { webRtcNegotiator } from './negotiation.ts';

const factory: LinkFactory = {
  ...webRtcNegotiator({ iceServers: [], wrtc }),
  dial: async () => {
    throw new SeaError('DIAL_FAILED', 'this factory only negotiates');
  },
};

linkFactoryAcceptance('WebRTC in Node', ['negotiate'], () => ({ factory, other: factory }));

describe('webRtcNegotiator', () => {
  it('binds a channel to both certificates, the offering one first', async () => {
    const { channel, connection } = await meet(connection =>
      connection.createDataChannel('x', { negotiated: true, id: 0 }),
    );
    const offering = readFingerprint(connection.remoteDescription?.sdp ?? '');
    const answering = readFingerprint(connection.localDescription?.sdp ?? '');
    expect(channel.binding).toEqual(new Uint8Array([...offering, ...answering]));
    expect(channel.transport).toBe('webrtc');
    channel.close();
    connection.close();
  });

  it('ends the channel when a hostile end sends text or opens a second channel', async () => {
    const attacks: [(connection: RTCPeerConnection, first: RTCDataChannel) => void, string][] = [
      [(_, first) => first.send('text'), 'BAD_MESSAGE'],
      [(_, first) => first.send(new Uint8Array(65_537)), 'TOO_LARGE'],
      [connection => void connection.createDataChannel('second'), 'BAD_MESSAGE'],
    ];
    for (const [attack, code] of attacks) {
      let first!: RTCDataChannel;
      const { channel, connection } = await meet(connection => {
        first = connection.createDataChannel('x', { negotiated: true, id: 0 });
      });
      const at = new Recorder();
      channel.open(at);
      if (first.readyState !== 'open') await new Promise(resolve => first.addEventListener('open', resolve));
      attack(connection, first);
      await at.until(r => r.closes.length > 0);
      expect(at.closes.map(reason => reason.code)).toEqual([code]);
      connection.close();
    }
  });

  it('ends the channel when the other connection is cut without a word on the channel', async () => {
    const { channel, connection } = await meet(connection =>
      connection.createDataChannel('x', { negotiated: true, id: 0 }),
    );
    const at = new Recorder();
    channel.open(at);
    connection.close();
    await at.until(r => r.closes.length > 0);
    expect(at.closes.map(reason => reason.code)).toEqual(['LINK_CLOSED']);
  });

  it('opens no channel to a certificate that was not announced', async () => {
    const forged = new Uint8Array(32).fill(1);
    const offer = factory.negotiate('offer', signal => answer.accept(signal));
    const answer = factory.negotiate('answer', signal => {
      offer.accept(signal.kind === 'description' ? { ...signal, fingerprint: forged } : signal);
    });
    let opened = 0;
    for (const attempt of [offer, answer])
      attempt.channel.then(
        () => opened++,
        () => {},
      );
    await new Promise(resolve => setTimeout(resolve, 1_000));
    expect(opened).toBe(0);
    offer.close();
    answer.close();
  });

  it('tells a description, candidates and at last the end', async () => {
    const told: Signal[] = [];
    const attempt = factory.negotiate('offer', signal => told.push(signal));
    await expect.poll(() => told.at(-1)?.kind, { timeout: 20_000 }).toBe('end');
    attempt.close();
    await attempt.channel.catch(() => {});
    expect(told[0]?.kind).toBe('description');
    const between = told.slice(1, -1).map(signal => signal.kind);
    expect(between.length).toBeGreaterThan(0);
    expect(new Set(between)).toEqual(new Set(['candidate']));
  });

  it('is not disturbed by candidates it will not try', async () => {
    const decoy = {
      kind: 'candidate',
      protocol: 'udp',
      type: 'host',
      foundation: '1',
      priority: 1,
      tcpType: null,
    } as const;
    const decoys: Signal[] = [
      { ...decoy, address: '127.0.0.1', port: 25 },
      { ...decoy, address: '0.0.0.0', port: 5_000 },
      { kind: 'end' },
    ];
    const disturbed: LinkFactory = {
      ...factory,
      negotiate: (role, onSignal) => {
        const attempt = factory.negotiate(role, onSignal);
        for (const signal of decoys) attempt.accept(signal);
        return attempt;
      },
    };
    const [near, far] = await negotiatePair({ factory: disturbed, other: disturbed });
    expect(near.binding).toEqual(far.binding);
    near.close();
    far.close();
  });

  it('says so when the platform refuses another connection', async () => {
    class Full {
      constructor() {
        throw new Error("Failed to construct 'RTCPeerConnection': Cannot create so many PeerConnections");
      }
    }
    const { negotiates, negotiate } = webRtcNegotiator({ iceServers: [], wrtc: { ...wrtc, RTCPeerConnection: Full } });
    expect(negotiates).toBe(true);
    const attempt = negotiate('offer', () => {});
    attempt.accept({ kind: 'end' });
    const failure = await attempt.channel.catch(error => error);
    expect(failure).toMatchObject({ code: 'DIAL_FAILED' });
    expect(failure.message).toContain('collected');
    expect(failure.message).toContain('Cannot create so many PeerConnections');
  });

  it('waits for the description where the channel opens before the connection shows it', async () => {
    const connections: SlowConnection[] = [];
    class Made extends SlowConnection {
      constructor() {
        super();
        connections.push(this);
      }
    }
    const { negotiate } = webRtcNegotiator({ iceServers: [], wrtc: { ...wrtc, RTCPeerConnection: Made } });
    let offered = (): void => {};
    const offer = new Promise<void>(resolve => {
      offered = resolve;
    });
    const attempt = negotiate('offer', () => offered());
    const connection = connections[0]!;
    await offer;
    connection.channel.readyState = 'open';
    connection.channel.onopen?.();
    connection.remoteDescription = { type: 'answer', sdp: writeDescription({ ...slowDescription, role: 'answer' }) };
    connection.signalingState = 'stable';
    connection.dispatchEvent(new Event('signalingstatechange'));
    const { binding } = await attempt.channel;
    expect(binding).toEqual(new Uint8Array(64).fill(7));
    attempt.close();
  });

  it('fails every attempt where there is no WebRTC', async () => {
    const { negotiates, negotiate } = webRtcNegotiator({ iceServers: [] });
    expect(negotiates).toBe(false);
    await expect(negotiate('answer', () => {}).channel).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  });

  it('fails an attempt whose ICE servers make no sense', async () => {
    const { negotiate } = webRtcNegotiator({ iceServers: [{ urls: 'gopher:nowhere' }], wrtc });
    await expect(negotiate('offer', () => {}).channel).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  });
});

const slowDescription = {
  kind: 'description',
  role: 'offer',
  ufrag: 'abcd',
  password: 'abcdefghijklmnopqrstuv',
  fingerprint: new Uint8Array(32).fill(7),
} as const;

/** As much of a connection as an offer needs; its channel opens and its answer shows when the test says so. */
class SlowConnection extends EventTarget {
  readonly channel: { readyState: string; onopen?: () => void; close(): void } = {
    readyState: 'connecting',
    close() {},
  };
  signalingState = 'have-local-offer';
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;

  createDataChannel(): unknown {
    return this.channel;
  }

  async createOffer(): Promise<{ type: string; sdp: string }> {
    return { type: 'offer', sdp: writeDescription(slowDescription) };
  }

  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
  }

  close(): void {}
}

/** Our offering end against a bare connection that a test may abuse; `prepare` makes its channels. */
async function meet(
  prepare: (connection: RTCPeerConnection) => unknown,
): Promise<{ channel: Channel; connection: RTCPeerConnection }> {
  const connection: RTCPeerConnection = new wrtc.RTCPeerConnection({ iceServers: [] });
  prepare(connection);
  let described = Promise.resolve();
  const attempt = factory.negotiate('offer', signal => {
    if (signal.kind === 'description') described = answer(signal);
    if (signal.kind === 'candidate') {
      void described.then(() => connection.addIceCandidate({ candidate: writeCandidate(signal), sdpMid: '0' }));
    }
  });
  const answer = async (offer: Signal & { kind: 'description' }): Promise<void> => {
    await connection.setRemoteDescription({ type: 'offer', sdp: writeDescription(offer) });
    await connection.setLocalDescription(await connection.createAnswer());
    attempt.accept(readDescription('answer', connection.localDescription?.sdp ?? ''));
  };
  connection.addEventListener('icecandidate', ({ candidate }) => {
    const signal = candidate === null ? null : readCandidate(candidate.candidate);
    if (signal !== null) attempt.accept(signal);
  });
  return { channel: await attempt.channel, connection };
}
