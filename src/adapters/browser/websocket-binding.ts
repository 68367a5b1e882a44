/**
 * What the two ends of a websocket hold alike: the host that was dialled. A machine in between that is reached under
 * another name cannot pass a handshake on, because the dialler signs the name it dialled and the server its own.
 */

import { utf8Encode } from '../../base/bytes.ts';

/**
 * `host` or `host:port` in one spelling: lower case, punycode, IPv4 and IPv6 as the URL standard writes them, and without
 * the ports 80 and 443 (a server behind a proxy that speaks TLS for it does not know which of the two was dialled).
 * Undefined for anything that is not a host with an optional port (RFC 9110 §7.2). Throws nothing.
 */
export function normalHost(text: string): string | undefined {
  if (text.length > 259 || !/^[^\s/?#@\\]+$/.test(text)) return undefined; // 253 of a name, a colon, 5 digits
  const url = URL.canParse(`ws://${text}`) ? new URL(`ws://${text}`) : undefined;
  return url === undefined || url.host === '' ? undefined : url.host.replace(/:(80|443)$/, '');
}

/** The binding of a websocket to `host` (normalised): its UTF-8 bytes. */
export function hostBinding(host: string): Uint8Array {
  return utf8Encode(host);
}
