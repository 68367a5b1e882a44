/**
 * The bundles kept on this device between sessions. The store bounds itself and gives up what was used longest ago, so
 * either block of a bundle may be gone; what it holds is not trusted: bytes are checked against the id when read.
 */

import { ContentId } from '../address/content-id.ts';
import type { BlockStore } from '../ports/block-store.ts';
import type { Log } from '../ports/log.ts';
import { type Bundle, readManifest } from './bundle.ts';

export class BundleShelf {
  readonly #blocks: BlockStore;
  readonly #log: Log;

  constructor(blocks: BlockStore, log: Log) {
    this.#blocks = blocks;
    this.#log = log;
  }

  /** The bundle, if it is kept here whole; undefined otherwise, also when the store fails. */
  async take(id: ContentId): Promise<Bundle | undefined> {
    try {
      const manifestBytes = await this.#block(id);
      if (manifestBytes === undefined) return undefined;
      const manifest = readManifest(manifestBytes);
      const module = await this.#block(manifest.module);
      return module && { id, manifest, manifestBytes, module };
    } catch (error) {
      this.#log.write('warn', 'a kept bundle could not be read', { bundle: id.toString(), error: String(error) });
      return undefined;
    }
  }

  /** Keeps a bundle. A store that fails costs a later fetch, nothing else. */
  async keep(bundle: Bundle): Promise<void> {
    try {
      await this.#blocks.put(bundle.manifest.module.hex, bundle.module);
      await this.#blocks.put(bundle.id.hex, bundle.manifestBytes);
    } catch (error) {
      this.#log.write('warn', 'a bundle could not be kept', { bundle: bundle.id.toString(), error: String(error) });
    }
  }

  async #block(id: ContentId): Promise<Uint8Array | undefined> {
    const bytes = await this.#blocks.get(id.hex);
    return bytes !== undefined && ContentId.of(bytes).equals(id) ? bytes : undefined;
  }
}
