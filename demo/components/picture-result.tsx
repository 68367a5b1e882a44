/** The result picture as its tiles arrive, each in the colour of the peer that computed it. */

import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { drawBackdrop } from '../pictures/backdrop.ts';
import type { ResultPicture } from '../pictures/result-picture.ts';
import { TintLayer } from '../pictures/tint-layer.ts';
import { saveFile } from '../save-file.ts';

interface PictureResultProps {
  readonly result: ResultPicture;
  /** All tiles came. */
  readonly finished: boolean;
}

export function PictureResult({ result, finished }: PictureResultProps) {
  const tinted = useSignal(true);
  const saving = useSignal(false);
  const { width, height, fileName } = result.view;
  const save = async (): Promise<void> => {
    saving.value = true;
    try {
      saveFile(await result.toPng(), fileName);
    } finally {
      saving.value = false;
    }
  };
  return (
    <div class="picture-result">
      <PictureStack result={result} tinted={tinted.value} />
      <div class="result-tools">
        <label class="check">
          <input
            type="checkbox"
            checked={tinted.value}
            onChange={event => (tinted.value = event.currentTarget.checked)}
          />
          Show who computed what
        </label>
        {finished && (
          <button type="button" class="button" disabled={saving.value} onClick={() => void save()}>
            Download PNG{' '}
            <span class="soft">
              {width} × {height}
            </span>
          </button>
        )}
      </div>
    </div>
  );
}

/** Three canvases: what it is made from, what came, who made it. */
function PictureStack({ result, tinted }: { readonly result: ResultPicture; readonly tinted: boolean }) {
  const backdrop = useRef<HTMLCanvasElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const { width, height } = result.view;
  useLayoutEffect(() => {
    const { canvas } = result;
    canvas.className = 'stack-result';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Result picture, ${width} × ${height} pixels`);
    place.current!.replaceChildren(canvas);
  }, [result, width, height]);
  useEffect(() => drawBackdrop(backdrop.current!, result.view), [result]);
  const tint = useTint(result, tinted);
  return (
    <div class="stack" style={{ aspectRatio: `${width} / ${height}`, '--ratio': String(width / height) }}>
      <div class="stack-backdrop" aria-hidden="true">
        <canvas ref={backdrop} />
      </div>
      <div class="stack-place" ref={place} />
      <div class="stack-tint" aria-hidden="true" hidden={!tinted}>
        <canvas ref={tint} />
      </div>
    </div>
  );
}

function useTint(result: ResultPicture, tinted: boolean): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    if (!tinted) return undefined;
    const layer = new TintLayer(element, result, matchMedia('(prefers-reduced-motion: reduce)').matches);
    const observer = new ResizeObserver(() =>
      layer.resize(element.clientWidth, element.clientHeight, devicePixelRatio),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      layer.close();
    };
  }, [result, tinted]);
  return canvas;
}
