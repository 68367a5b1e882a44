/** Says on stderr from whom a contributor takes nothing more until it has been paid by the chain: it must not go unnoticed. */

import type { Log } from '../ports/log.ts';
import type { Sea } from '../sea.ts';

/** Once for each payer, and again when it has come to that again. `hint`: the command that helps. */
export function tellStopped(sea: Pick<Sea, 'on'>, log: Log, hint: string): void {
  let told: ReadonlySet<string> = new Set();
  sea.on('credit', ({ stoppedPayers = [] }) => {
    for (const payer of stoppedPayers)
      if (!told.has(payer))
        log.write('warn', `takes no more from ${payer} until what it has signed is claimed: ${hint}`);
    for (const payer of told) if (!stoppedPayers.includes(payer)) log.write('info', `takes more from ${payer} again`);
    told = new Set(stoppedPayers);
  });
}
