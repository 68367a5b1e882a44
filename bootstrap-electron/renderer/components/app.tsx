/** The window: how the node stands, what to give to others, who is there, and what can be set. */

import { AddressesPanel } from './addresses-panel.tsx';
import type { AppProps } from './app-props.ts';
import { Masthead } from './masthead.tsx';
import { PeersPanel } from './peers-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';

export function App({ shell, node, nowMs }: AppProps) {
  const view = shell.view.value;
  if (view === undefined) return <p class="alone">Waiting for the other half of the app …</p>;
  const { status, settings } = view;
  return (
    <>
      <Masthead shell={shell} node={node} nowMs={nowMs} view={view} />
      <main>
        {status.state === 'running' && <AddressesPanel status={status} settings={settings} />}
        {status.state === 'running' && <PeersPanel node={node} />}
        {/* New settings from the main process fill the form anew. */}
        <SettingsPanel
          key={JSON.stringify(settings)}
          settings={settings}
          isRunning={status.state === 'running'}
          isBusy={status.state === 'starting' || status.state === 'stopping'}
          start={chosen => shell.start(chosen)}
        />
      </main>
    </>
  );
}
