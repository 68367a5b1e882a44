/**
 * The sea that an entry exports by default: made at the first `goOnline`, for apps that want one node and no ceremony. What is
 * heard and handled may be said before; whatever else needs the node throws NOT_ONLINE until then.
 */

import { SeaError } from './base/errors.ts';
import type { Sea } from './sea.ts';

/** A stand-in for the sea that `make` will give; from the first `goOnline` on it is that sea. */
export function defaultSea(make: () => Promise<Sea>): Sea {
  let made: Sea | undefined;
  let making: Promise<Sea> | undefined;
  const kept = new Set<(sea: Sea) => void>();

  /** Says now, or as soon as there is a sea, what gives a function that takes it back. */
  const keep = (say: (sea: Sea) => () => void): (() => void) => {
    let stop: (() => void) | undefined;
    const later = (sea: Sea): void => {
      stop = say(sea);
    };
    kept.add(later);
    return () => {
      kept.delete(later);
      stop?.();
    };
  };
  const begin = async (): Promise<Sea> => {
    made = await make();
    for (const say of kept) say(made);
    kept.clear();
    return made;
  };

  const early: Partial<Sea> = {
    online: () => false,
    connections: () => [],
    links: () => [],
    on: (name, listener) => keep(sea => sea.on(name, listener)),
    handle: (scope, handler) => keep(sea => sea.handle(scope, handler)),
    goOffline: async () => {},
    close: async () => {},
    async goOnline(bootstraps, options) {
      making ??= begin().catch(error => {
        making = undefined; // what was missing may be there the next time
        throw error;
      });
      return (await making).goOnline(bootstraps, options);
    },
  };
  return new Proxy({} as Sea, {
    get(_, name: keyof Sea | 'then' | symbol) {
      if (made === undefined) {
        if (typeof name === 'symbol' || name === 'then') return undefined; // looked at, not used
        if (name in early) return early[name];
        throw new SeaError('NOT_ONLINE', 'call goOnline() first: it makes the node');
      }
      const part: unknown = made[name as keyof Sea];
      return typeof part === 'function' ? part.bind(made) : part;
    },
  });
}
