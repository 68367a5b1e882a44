/** The page's entry: checks the browser, makes the state, draws the page. Nothing joins here without a stored consent. */

import { render } from 'preact';
import { bootstrapsOf } from './bootstraps.ts';
import { App } from './components/app.tsx';
import { UnsupportedNotice } from './components/unsupported-notice.tsx';
import { consoleHandle } from './console-handle.ts';
import { firstTab } from './first-tab.ts';
import { PageState } from './state/page-state.ts';
import { obstacleOf } from './support.ts';

const place = document.getElementById('app')!;
const obstacle = obstacleOf(globalThis, new URL(location.href));

if (obstacle !== undefined) {
  render(<UnsupportedNotice obstacle={obstacle} />, place);
} else {
  const state: PageState = new PageState({
    makeSea: async options => {
      const chainKnown = state.chain.load(options.bootstraps ?? [], new URL(location.href));
      const [{ createSea }, chain] = await Promise.all([import('../src/index.ts'), chainKnown]);
      return createSea({ ...options, chain });
    },
    bootstraps: () => bootstrapsOf(new URL(location.href)),
    storage: localStorage,
    coresMax: navigator.hardwareConcurrency || 2,
    onSea: consoleHandle,
    now: () => performance.now(),
    wallMs: () => Date.now(),
    window,
    estate: navigator.storage ?? {},
    keepsShards: firstTab,
  });
  state.start();
  render(<App state={state} />, place);
  void state.session.resume();
  // Peers learn at once that the page goes. A page that comes back from the browser's cache starts anew.
  window.addEventListener('pagehide', () => void state.close());
  window.addEventListener('pageshow', event => {
    if (event.persisted) location.reload();
  });
  window.addEventListener('storage', () => state.files.list.reread()); // another tab has changed it
}
