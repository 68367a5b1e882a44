/** Which address a visitor opens, and which one the nodes of this machine dial. */

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

const EVERYWHERE = ['0.0.0.0', '::'];

/** True when a listener on `host` can be reached from this machine only. */
export function isLoopback(host) {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/**
 * The host that a visitor opens and the one that this machine's own nodes dial, for a listener on `host`. `interfaces` as
 * os.networkInterfaces() gives them. With a certificate (PEM) each is one that the certificate speaks for, where there is one.
 */
export function chooseHosts(host, interfaces, pem) {
  const outer = EVERYWHERE.includes(host) ? outerAddresses(interfaces) : [host];
  const inner = EVERYWHERE.includes(host) ? ['127.0.0.1', 'localhost', ...outer] : [host];
  const isTrusted = pem === undefined ? () => true : speaksFor(new X509Certificate(pem));
  const visitors = outer.length === 0 ? inner : outer;
  return { visitor: visitors.find(isTrusted) ?? visitors[0], local: inner.find(isTrusted) ?? inner[0] };
}

function outerAddresses(interfaces) {
  const addresses = Object.values(interfaces).flatMap(list => list ?? []);
  return addresses.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
}

function speaksFor(certificate) {
  return host => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
}

/** `http://host:port/`, with brackets around an IPv6 address. `scheme` without colon. */
export function urlOf(scheme, host, port) {
  return `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`;
}
