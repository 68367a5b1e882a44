/**
 * One DTLS certificate for all connections of a page, made ahead: a browser that makes one for each connection lets both
 * ends wait for it, one after the other. Its key cannot be exported and is gone with the page. What keeps connections
 * apart is the handshake's nonces, not the certificate.
 */

import { CERTIFICATE_REST_MS_MIN } from './limits.ts';

/** What a platform makes certificates with: RTCPeerConnection itself. */
export interface CertificateMaker {
  generateCertificate?(algorithm: EcKeyGenParams): Promise<RTCCertificate>;
}

/** The kind that browsers make by themselves (RFC 8827 §6.5). */
const ALGORITHM: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

export class KeptCertificate {
  readonly #maker: CertificateMaker | undefined;
  #certificate: RTCCertificate | undefined;
  #making = false;

  /** Begins to make one where the platform can. */
  constructor(maker: CertificateMaker | undefined) {
    this.#maker = maker;
    this.#make();
  }

  /** The certificate for a new connection; undefined until it is made, and where there is none to be had. */
  get(): RTCCertificate | undefined {
    const certificate = this.#certificate;
    if (certificate !== undefined && certificate.expires - Date.now() > CERTIFICATE_REST_MS_MIN) return certificate;
    this.#make();
    return undefined;
  }

  #make(): void {
    if (this.#making || typeof this.#maker?.generateCertificate !== 'function') return;
    this.#making = true;
    this.#maker.generateCertificate(ALGORITHM).then(
      certificate => {
        this.#certificate = certificate;
        this.#making = false;
      },
      () => {}, // the platform cannot: every connection makes its own, and nobody asks again
    );
  }
}
