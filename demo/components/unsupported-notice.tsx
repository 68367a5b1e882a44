/** What a browser that cannot take part is told, and where the page would do. */

import type { Obstacle } from '../support.ts';
import { ChartDrawing } from './chart-drawing.tsx';
import { MastheadFrame } from './masthead.tsx';

export function UnsupportedNotice({ obstacle }: { readonly obstacle: Obstacle }) {
  const { heading, sentences, elsewhere } = obstacle;
  return (
    <>
      <MastheadFrame />
      <main class="unsupported" id="main">
        <ChartDrawing />
        <h1>{heading}</h1>
        {sentences.map(sentence => (
          <p key={sentence} role="alert">
            {sentence}
          </p>
        ))}
        {elsewhere.length > 0 && <p>It works at one of these addresses:</p>}
        {elsewhere.length > 0 && (
          <ul class="plain-list elsewhere">
            {elsewhere.map(({ address, when }) => (
              <li key={address}>
                <a href={address}>{address}</a> <span class="soft">{when}</span>
              </li>
            ))}
          </ul>
        )}
      </main>
    </>
  );
}
