/** What the window is drawn from. */

import type { ReadonlySignal } from '@preact/signals';
import type { Shell } from '../shell.ts';
import type { DesktopNode } from '../state/desktop-node.ts';

export interface AppProps {
  readonly shell: Shell;
  readonly node: DesktopNode;
  /** The page's monotonic time, renewed every second. */
  readonly nowMs: ReadonlySignal<number>;
}
