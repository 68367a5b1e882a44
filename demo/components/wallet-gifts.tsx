/** What was computed for nothing, here for others and elsewhere for this device: no money, and never any. */

import { formatCount } from '../format.ts';
import type { PageState } from '../state/page-state.ts';

export function GiftsPanel({ state: { credit } }: { readonly state: PageState }) {
  const { given, taken } = credit.status.value;
  return (
    <section class="sheet money-class gifts" aria-labelledby="gifts-heading">
      <div class="panel-head">
        <h3 id="gifts-heading">Gifts</h3>
        <p class="panel-aside">no money, and never any</p>
      </div>
      <dl class="gift-figures">
        <div>
          <dt>Parts you gave in this visit</dt>
          <dd class="figure" data-testid="gifts-given">
            {formatCount(given.gifts)}
          </dd>
        </div>
        <div>
          <dt>Parts you were given</dt>
          <dd class="figure" data-testid="gifts-taken">
            {formatCount(taken.gifts)}
          </dd>
        </div>
      </dl>
      <p class="fine">Gifts come after paid work. Nobody owes anybody for them.</p>
    </section>
  );
}
