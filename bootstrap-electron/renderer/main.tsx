/** The window's entry: connects to the main process, makes the node's state, draws it. */

import { signal } from '@preact/signals';
import { render } from 'preact';
import { createSea } from '../../src/index.ts';
import { App } from './components/app.tsx';
import { connectToShell } from './connect.ts';
import { Shell } from './shell.ts';
import { DesktopNode } from './state/desktop-node.ts';

/** Round trips and spans of time are read anew this often, ms. */
const REFRESH_MS = 1_000;

const place = document.getElementById('app')!;
const port = await connectToShell();

if (port === undefined) {
  render(
    <p class="alone">This page is the window of the Peersea desktop app and does nothing outside of it.</p>,
    place,
  );
} else {
  const shell = new Shell(port);
  const node = new DesktopNode({ shell, makeSea: createSea, now: () => performance.now() });
  const nowMs = signal(performance.now());
  node.follow();
  setInterval(() => {
    nowMs.value = performance.now();
    node.refresh();
  }, REFRESH_MS);
  render(<App shell={shell} node={node} nowMs={nowMs} />, place);
}
