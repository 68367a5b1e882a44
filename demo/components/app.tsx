/** The page: the consent card until the visitor agrees, then the workspace. */

import type { PageState } from '../state/page-state.ts';
import { ConsentCard } from './consent-card.tsx';
import { Masthead } from './masthead.tsx';
import { Workspace } from './workspace.tsx';

export function App({ state }: { readonly state: PageState }) {
  const asking = state.session.consent.value === undefined;
  return (
    <>
      <Masthead state={state} />
      {asking ? <ConsentCard session={state.session} /> : <Workspace state={state} />}
    </>
  );
}
