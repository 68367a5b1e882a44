/** The first thing a visitor meets: what Peersea is, what would run, and a clear yes. Nothing joins before. */

import { useSignal } from '@preact/signals';
import { defaultCores } from '../consent.ts';
import { defaultSize, sizesWithin } from '../state/browser-room.ts';
import type { PageState } from '../state/page-state.ts';
import { ChartDrawing } from './chart-drawing.tsx';
import { CoresSlider } from './cores-slider.tsx';
import { EyeIcon, HandIcon, PiecesIcon, ProgramIcon } from './icons.tsx';
import { StorageSlider } from './storage-slider.tsx';

export function ConsentCard({ state: { session, room, section } }: { readonly state: PageState }) {
  const cores = useSignal(defaultCores(session.coresMax));
  const chosenBytes = useSignal<number | undefined>(undefined);
  const storageBytes = chosenBytes.value ?? defaultSize(room.freeBytes.value);
  const agree = (contributing: boolean): void => void session.agree({ cores: cores.value, contributing, storageBytes });
  return (
    <main class="consent" id="main" tabIndex={-1}>
      <div class="consent-hero">
        <div class="consent-claim">
          <h1>A sea of browsers that computes</h1>
          <p class="lead">
            Browsers meet here, connect to one another and share their processors and disks. Lend a few cores and some
            room, and run your own jobs and keep your own files on everybody’s. No account, no install, no company’s
            servers doing the work.
          </p>
        </div>
        <ChartDrawing />
      </div>
      <section class="sheet consent-terms" aria-labelledby="terms-heading">
        <h2 id="terms-heading">What you agree to</h2>
        <ConsentFacts />
        {section.current.value === 'files' && section.rest.value !== '' && (
          <p class="note">
            This link leads to a file. It opens as soon as you join; to read it you need not lend anything.
          </p>
        )}
        <div class="consent-answer">
          <div class="consent-sliders">
            <CoresSlider cores={cores.value} coresMax={session.coresMax} onChange={value => (cores.value = value)} />
            <StorageSlider
              bytes={storageBytes}
              sizes={sizesWithin(room.freeBytes.value)}
              onChange={value => (chosenBytes.value = value)}
            />
          </div>
          <div class="consent-buttons">
            <button type="button" class="button primary large" onClick={() => agree(true)}>
              Accept and join
            </button>
            <button type="button" class="button quiet" onClick={() => agree(false)}>
              Join without lending
            </button>
          </div>
          <p class="fine">
            Nothing connects and nothing runs until you choose. Your choice is remembered in this browser only.
          </p>
        </div>
      </section>
    </main>
  );
}

function ConsentFacts() {
  return (
    <dl class="facts">
      <div>
        <dt>
          <ProgramIcon />
          What runs
        </dt>
        <dd>
          Other people’s small WebAssembly programs, on as many cores as you set below, while this page is open: in
          workers that can reach nothing, no network, no files, no page, no cookies.
        </dd>
      </div>
      <div>
        <dt>
          <PiecesIcon />
          What is kept
        </dt>
        <dd>
          Sealed pieces of other people’s files, in this browser, up to the size set below. Nobody can read a piece
          here; each goes when its time is over. Set it to none and nothing is kept.
        </dd>
      </div>
      <div>
        <dt>
          <EyeIcon />
          What others learn
        </dt>
        <dd>
          Your address in the sea, a random-looking number. Peers you are linked with also see your IP address, as in a
          video call. Who computes a job of yours sees its part: submit nothing secret.
        </dd>
      </div>
      <div>
        <dt>
          <HandIcon />
          How to stop
        </dt>
        <dd>
          With the Stop button at the top of the page, always there: work in progress ends at once. Closing the tab ends
          everything. Withdraw your consent, at the foot of the page, and what is kept is cleared too.
        </dd>
      </div>
    </dl>
  );
}
