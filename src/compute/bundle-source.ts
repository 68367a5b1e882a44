/** The requester's side of fetching: hands out the bundles of the maps under way, piece by piece. */

import { SeaError } from '../base/errors.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import type { Bundle } from './bundle.ts';
import { SERVED_BUNDLES_MAX } from './limits.ts';
import { readBundleRequest, writeManifestAnswer, writePayload } from './messages.ts';

interface Served {
  readonly bundle: Bundle;
  users: number;
}

export class BundleSource {
  readonly #served = new Map<string, Served>();

  /** Serves a bundle until the returned function is called, as often as this was. Throws OVERLOADED. */
  use(bundle: Bundle): () => void {
    const key = bundle.id.hex;
    const served = this.#served.get(key) ?? { bundle, users: 0 };
    if (served.users === 0 && this.#served.size >= SERVED_BUNDLES_MAX) {
      throw new SeaError('OVERLOADED', `${SERVED_BUNDLES_MAX} bundles are in use already`);
    }
    served.users++;
    this.#served.set(key, served);
    let used = true;
    return () => {
      if (used && --served.users === 0) this.#served.delete(key);
      used = false;
    };
  }

  /** Answers `compute:bundle`. Throws BUNDLE_UNAVAILABLE, BAD_MESSAGE (a range outside the module). */
  answer({ body }: Incoming): Body {
    const request = readBundleRequest(body);
    const bundle = this.#served.get(request.bundle.hex)?.bundle;
    if (bundle === undefined) throw new SeaError('BUNDLE_UNAVAILABLE', 'the bundle is not in use here');
    if (request.piece === 'manifest') {
      return writeManifestAnswer({ manifestBytes: bundle.manifestBytes, moduleLength: bundle.module.length });
    }
    const end = request.offset + request.length;
    if (end > bundle.module.length) throw new SeaError('BAD_MESSAGE', 'a range past the end of the module');
    return writePayload(bundle.module.subarray(request.offset, end));
  }
}
