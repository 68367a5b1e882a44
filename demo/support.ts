/** What a browser must have for the page to work, in words what is missing, and where the page would do. */

/** The globals that are looked at: `globalThis` of a page. */
export interface Surroundings {
  readonly isSecureContext?: boolean;
  readonly RTCPeerConnection?: unknown;
  readonly WebAssembly?: unknown;
  readonly Worker?: unknown;
  readonly crypto?: { readonly subtle?: unknown };
  readonly createImageBitmap?: unknown;
}

/** Why the page cannot take part. */
export interface Obstacle {
  readonly heading: string;
  readonly sentences: readonly string[];
  /** Where the same page may do, and when. */
  readonly elsewhere: readonly { readonly address: string; readonly when: string }[];
}

/** What keeps the page at this address from working here; undefined when nothing does. */
export function obstacleOf(surroundings: Surroundings, page: URL): Obstacle | undefined {
  // alone, for plain http takes half of the rest away
  if (surroundings.isSecureContext !== true) return plainHttp(page);
  const sentences = missingFeatures(surroundings);
  if (sentences.length === 0) return undefined;
  return { heading: 'This browser cannot join the sea', sentences, elsewhere: [] };
}

function plainHttp(page: URL): Obstacle {
  const [encrypted, local] = [new URL(page), new URL(page)];
  encrypted.protocol = 'https:';
  local.hostname = 'localhost';
  return {
    heading: 'Not over plain http',
    sentences: [
      'This page was opened over plain http. Browsers let pages encrypt, and so join the sea, only over https or on localhost.',
    ],
    elsewhere: [
      { address: encrypted.href, when: 'if the node was started with a certificate' },
      { address: local.href, when: 'on the device where the node runs' },
    ],
  };
}

/** One sentence per missing thing. */
function missingFeatures(surroundings: Surroundings): string[] {
  const missing: string[] = [];
  if (surroundings.RTCPeerConnection === undefined) {
    missing.push(
      'This browser has no WebRTC, so it cannot connect to other browsers. It may be switched off in the settings or by an extension.',
    );
  }
  if (surroundings.WebAssembly === undefined || surroundings.Worker === undefined) {
    missing.push(
      'This browser does not run WebAssembly in workers, so it cannot compute. Some “lockdown” modes switch it off.',
    );
  }
  if (surroundings.crypto?.subtle === undefined || surroundings.createImageBitmap === undefined) {
    missing.push('This browser is too old for the page. A current Chrome, Edge, Firefox or Safari will do.');
  }
  return missing;
}
