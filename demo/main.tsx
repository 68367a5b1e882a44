/** The page's entry: checks the browser, makes the state, draws the page. Nothing joins here without a stored consent. */

import { render } from 'preact';
import { bootstrapsOf } from './bootstraps.ts';
import { App } from './components/app.tsx';
import { UnsupportedNotice } from './components/unsupported-notice.tsx';
import { consoleHandle } from './console-handle.ts';
import { PageState } from './state/page-state.ts';
import { missingFeatures } from './support.ts';

const place = document.getElementById('app')!;
const missing = missingFeatures(globalThis);

if (missing.length > 0) {
  render(<UnsupportedNotice sentences={missing} />, place);
} else {
  const state = new PageState({
    makeSea: async options => (await import('../src/index.ts')).createSea(options),
    bootstraps: () => bootstrapsOf(new URL(location.href)),
    storage: localStorage,
    coresMax: navigator.hardwareConcurrency || 2,
    onSea: consoleHandle,
    now: () => performance.now(),
  });
  state.start();
  render(<App state={state} />, place);
  void state.session.resume();
  // Peers learn at once that the page goes. A page that comes back from the browser's cache starts anew.
  addEventListener('pagehide', () => void state.close());
  addEventListener('pageshow', event => {
    if (event.persisted) location.reload();
  });
}
