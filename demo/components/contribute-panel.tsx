/** What this device lends: cores, what runs on them now and for whom, how fast, how much so far; what it asks for that; and room for files. */

import { formatCount, formatDuration, formatPlural } from '../format.ts';
import type { ContributionFigures, RunningGroup } from '../state/contribution.ts';
import type { PageState } from '../state/page-state.ts';
import { CoresSlider } from './cores-slider.tsx';
import { EarningsAsk, UnpaidNote } from './earnings-ask.tsx';
import { Fold } from './fold.tsx';
import { PeerMark } from './peer-mark.tsx';
import { SidePanel } from './side-panel.tsx';
import { Sparkline } from './sparkline.tsx';
import { StorageLent } from './storage-lent.tsx';

export function ContributePanel({ state }: { readonly state: PageState }) {
  const { session } = state;
  const figures = state.contribution.figures.value;
  const consent = session.consent.value;
  return (
    <SidePanel
      side={state.side}
      name="Contribute"
      aside={
        <p class="panel-aside" data-testid="contribution-state">
          {lendingWords(figures.slots)}
        </p>
      }
    >
      {consent?.contributing === false && (
        <p class="fine">Nothing is lent now. Start contributing lends as much as is set here.</p>
      )}
      <CoresSlider
        cores={consent?.cores ?? 1}
        coresMax={session.coresMax}
        onChange={cores => session.setCores(cores)}
      />
      <Fold
        title="Computing"
        words={`${formatPlural(figures.completed, 'part')} computed`}
        inFront={['jobs', 'wallet'].includes(state.section.current.value)}
      >
        <RateFigure figures={figures} />
        <RunningNow
          running={figures.running}
          contributing={figures.slots > 0}
          ownAddress={session.sea.value?.localId().toString()}
        />
        <Totals figures={figures} />
      </Fold>
      <UnpaidNote state={state} />
      <EarningsAsk state={state} />
      <StorageLent state={state} />
    </SidePanel>
  );
}

function RateFigure({ figures }: { readonly figures: ContributionFigures }) {
  return (
    <div class="rate">
      <p>
        <strong class="figure" data-testid="parts-per-minute">
          {formatCount(figures.perMinute)}
        </strong>
        <span class="figure-unit">parts per minute</span>
      </p>
      <Sparkline series={figures.series} />
    </div>
  );
}

interface RunningNowProps {
  readonly running: readonly RunningGroup[];
  readonly contributing: boolean;
  readonly ownAddress: string | undefined;
}

function RunningNow({ running, contributing, ownAddress }: RunningNowProps) {
  return (
    <div class="running">
      <h3>Running now</h3>
      {running.length === 0 ? (
        <p class="fine">{contributing ? 'Nothing: ready for work.' : 'Nothing.'}</p>
      ) : (
        <ul class="plain-list">
          {running.map(({ taskName, requester, parts }) => (
            <li key={`${requester} ${taskName}`}>
              <span>
                {taskName} <span class="soft">({parts === 0 ? 'between two parts' : formatPlural(parts, 'part')})</span>
              </span>
              <span class="soft">
                for <PeerMark address={requester} isSelf={requester === ownAddress} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Totals({ figures }: { readonly figures: ContributionFigures }) {
  return (
    <dl class="totals">
      <div>
        <dt>Parts computed</dt>
        <dd data-testid="parts-computed">{formatCount(figures.completed)}</dd>
      </div>
      <div>
        <dt>Not finished</dt>
        <dd>{formatCount(figures.failed)}</dd>
      </div>
      <div>
        <dt>Core time</dt>
        <dd>{formatDuration(figures.computeMs)}</dd>
      </div>
    </dl>
  );
}

function lendingWords(slots: number): string {
  return slots === 0 ? 'Lending nothing' : `Lending ${formatPlural(slots, 'core')}`;
}
