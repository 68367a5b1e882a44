/** What a browser must have for the page to work, and in words what is missing. */

/** The globals that are looked at: `globalThis` of a page. */
export interface Surroundings {
  readonly isSecureContext?: boolean;
  readonly RTCPeerConnection?: unknown;
  readonly WebAssembly?: unknown;
  readonly Worker?: unknown;
  readonly crypto?: { readonly subtle?: unknown };
  readonly createImageBitmap?: unknown;
}

/** One sentence per missing thing; empty when all is there. */
export function missingFeatures(surroundings: Surroundings): string[] {
  if (surroundings.isSecureContext !== true) {
    return [
      'This page was opened over plain http. Browsers allow encryption only over https or on localhost: open it at https://… or http://localhost.',
    ];
  }
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
