/** The page: the consent card until the visitor agrees, then the workspace. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PageState } from '../state/page-state.ts';
import { ConsentCard } from './consent-card.tsx';
import { Masthead } from './masthead.tsx';
import { Workspace } from './workspace.tsx';

export function App({ state }: { readonly state: PageState }) {
  const asking = state.session.consent.value === undefined;
  useNewScreen(asking);
  return (
    <>
      <Masthead state={state} />
      {asking ? <ConsentCard state={state} /> : <Workspace state={state} />}
    </>
  );
}

/** Another screen begins at its top, and keyboard and screen reader go on there: the button that was pressed is gone. */
function useNewScreen(screen: boolean): void {
  const before = useRef(screen);
  useLayoutEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [screen]);
}
