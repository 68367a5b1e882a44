/** The first thing a visitor meets: what Peersea is, what would run, and a clear yes. Nothing joins before. */

import { useSignal } from '@preact/signals';
import { defaultCores } from '../consent.ts';
import type { Session } from '../state/session.ts';
import { ChartDrawing } from './chart-drawing.tsx';
import { CoresSlider } from './cores-slider.tsx';
import { CoresIcon, EyeIcon, HandIcon, ProgramIcon } from './icons.tsx';

export function ConsentCard({ session }: { readonly session: Session }) {
  const cores = useSignal(defaultCores(session.coresMax));
  return (
    <main class="consent" id="main" tabIndex={-1}>
      <div class="consent-hero">
        <div class="consent-claim">
          <h1>A sea of browsers that computes</h1>
          <p class="lead">
            Browsers meet here, connect to one another and share their processors. Lend a few cores, and run your own
            pictures and searches on everybody’s. No account, no install, no company’s servers doing the work.
          </p>
        </div>
        <ChartDrawing />
      </div>
      <section class="sheet consent-terms" aria-labelledby="terms-heading">
        <h2 id="terms-heading">What you agree to</h2>
        <ConsentFacts />
        <div class="consent-answer">
          <CoresSlider cores={cores.value} coresMax={session.coresMax} onChange={value => (cores.value = value)} />
          <div class="consent-buttons">
            <button
              type="button"
              class="button primary large"
              onClick={() => void session.agree({ cores: cores.value, contributing: true })}
            >
              Accept and join
            </button>
            <button
              type="button"
              class="button quiet"
              onClick={() => void session.agree({ cores: cores.value, contributing: false })}
            >
              Join without lending cores
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
          Other people’s small WebAssembly programs, in workers that can reach nothing: no network, no files, no page,
          no cookies.
        </dd>
      </div>
      <div>
        <dt>
          <CoresIcon />
          How much
        </dt>
        <dd>As many processor cores as you set below, while this page is open. Change it whenever you like.</dd>
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
          everything.
        </dd>
      </div>
    </dl>
  );
}
