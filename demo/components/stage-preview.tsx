/** The stage before a job: what it would be computed from. */

import { useEffect, useRef } from 'preact/hooks';
import type { SourcePicture } from '../pictures/source-picture.ts';
import type { Choices } from '../state/choices.ts';

const PREVIEW_WIDTH_MAX = 1_400;

export function StagePreview({ choices }: { readonly choices: Choices }) {
  if (choices.task.value !== 'picture') return <EmptyStage task={choices.task.value} />;
  const picture = choices.picture.source.value;
  return picture === undefined ? <div class="stage-empty" /> : <PicturePreview picture={picture} />;
}

function PicturePreview({ picture }: { readonly picture: SourcePicture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = picture;
  useEffect(() => {
    const element = canvas.current!;
    const scale = Math.min(1, PREVIEW_WIDTH_MAX / width);
    element.width = Math.max(1, Math.round(width * scale));
    element.height = Math.max(1, Math.round(height * scale));
    element.getContext('2d')!.drawImage(picture.image, 0, 0, element.width, element.height);
  }, [picture, width, height]);
  return (
    <figure class="preview">
      <div class="stack" style={{ aspectRatio: `${width} / ${height}`, '--ratio': String(width / height) }}>
        <canvas ref={canvas} role="img" aria-label={`${picture.name}, not yet computed`} />
      </div>
      <figcaption class="fine">
        This picture will be cut into tiles; peers compute them, and each arrives here in the colour of its peer.
      </figcaption>
    </figure>
  );
}

function EmptyStage({ task }: { readonly task: 'mandelbrot' | 'collatz' | 'hash-search' }) {
  return (
    <div class="stage-empty">
      <p>{emptyWords[task]}</p>
    </div>
  );
}

const emptyWords: Readonly<Record<'mandelbrot' | 'collatz' | 'hash-search', string>> = {
  mandelbrot: 'The picture appears here tile by tile, each in the colour of the peer that computed it.',
  collatz:
    'Halve an even number; triple an odd one and add one. How many steps until 1? The longest chains found appear here.',
  'hash-search':
    'Peers try number after number behind your text until its hash begins with enough zeros. The find appears here.',
};
