/** What every implementation of the device-lock port must do. */

import type { DeviceLock } from '../device-lock.ts';
import { type AcceptanceCase, expectSame } from './case.ts';

/** Two parties on one device. */
export interface DeviceLockSubject {
  readonly here: DeviceLock;
  readonly there: DeviceLock;
}

/** `make` gives a subject on which nothing is locked. */
export function deviceLockCases(make: () => Promise<DeviceLockSubject>): AcceptanceCase[] {
  return [
    {
      name: 'one holder at a time, and the next when it is released',
      async run() {
        const { here, there } = await make();
        const release = await here.acquire('node');
        expectSame(typeof release, 'function', 'the first');
        expectSame(await there.acquire('node'), undefined, 'the second');
        expectSame(await here.acquire('node'), undefined, 'the first again');
        release?.();
        const next = await there.acquire('node');
        expectSame(typeof next, 'function', 'the second after the release');
        next?.();
      },
    },
    {
      name: 'different names do not exclude one another',
      async run() {
        const { here, there } = await make();
        const releases = [await here.acquire('node'), await there.acquire('Node'), await here.acquire('node 2')];
        expectSame(
          releases.map(release => typeof release),
          ['function', 'function', 'function'],
          'all three',
        );
        for (const release of releases) release?.();
      },
    },
    {
      name: 'releasing twice does not take the lock from the next holder',
      async run() {
        const { here, there } = await make();
        const release = await here.acquire('node');
        release?.();
        const next = await there.acquire('node');
        release?.();
        expectSame(typeof next, 'function', 'the next holder');
        expectSame(await here.acquire('node'), undefined, 'a third try');
        next?.();
      },
    },
    {
      name: 'of many tries at once one succeeds',
      async run() {
        const { here, there } = await make();
        const tries = await Promise.all([here, there, here, there, here].map(lock => lock.acquire('node')));
        const granted = tries.filter(release => release !== undefined);
        expectSame(granted.length, 1, 'locks granted');
        for (const release of granted) release();
      },
    },
  ];
}
