/** Links to stored files as addresses of the page, and back. */

const SECTION = '#files/';
const LINK = /sea-(?:read|delete):[\w-]+/;

/** This page's address with the read link in it. `page`: where the page is now; its way into the sea is kept. */
export function shareAddress(page: string, read: string): string {
  const address = new URL(page);
  address.hash = `${SECTION}${read}`;
  return address.href;
}

/** Whether a page of that host is there for this machine alone: the address means another machine elsewhere. */
export function isOfThisMachine(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** The link in a text that somebody pasted: a whole address, or the link itself, with spaces or words around it. */
export function linkIn(text: string): string | undefined {
  return LINK.exec(text)?.[0];
}
