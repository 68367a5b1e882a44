/** Which picture, how large, how blurred. */

import { useEffect } from 'preact/hooks';
import { formatPixels } from '../format.ts';
import type { SourcePicture } from '../pictures/source-picture.ts';
import type { PageState } from '../state/page-state.ts';
import { BLUR_MAX, scales } from '../tasks/picture-plan.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { SelectField } from './select-field.tsx';

export function PictureForm({ state }: { readonly state: PageState }) {
  const { choices, job } = state;
  const { source, decoding, complaint, scale, blur } = choices.picture;
  const picture = source.value;
  useEffect(() => {
    choices.currentPicture(); // draws the built-in one after the first paint
  }, [choices]);
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    job.clear();
    void choices.takePicture(file);
  };
  return (
    <>
      <PictureFile decoding={decoding.value} picture={picture} onFile={take} onSample={() => choices.takeSample()} />
      {complaint.value !== undefined && <ComplaintNote complaint={complaint.value} />}
      <SelectField
        label="Output size"
        value={scale.value}
        options={scales.map(each => ({ value: each.scale, name: scaleWords(each, picture) }))}
        onChange={value => (scale.value = value)}
      />
      <div class="slider">
        <label for="blur">Blur</label>
        <output for="blur" class="slider-value" aria-live="off">
          {blur.value === 0 ? 'none' : `${blur.value} px`}
        </output>
        <input
          id="blur"
          type="range"
          min={0}
          max={BLUR_MAX}
          value={blur.value}
          aria-valuetext={blur.value === 0 ? 'none' : `${blur.value} pixels`}
          onInput={event => (blur.value = event.currentTarget.valueAsNumber)}
        />
      </div>
    </>
  );
}

interface PictureFileProps {
  readonly decoding: boolean;
  readonly picture: SourcePicture | undefined;
  readonly onFile: (file: File | undefined) => void;
  readonly onSample: () => void;
}

function PictureFile({ decoding, picture, onFile, onSample }: PictureFileProps) {
  return (
    <div class="picture-file">
      <p class="picture-name" aria-live="polite">
        {decoding
          ? 'Reading the picture…'
          : picture === undefined
            ? 'Drawing the sample…'
            : `${picture.isSample ? 'Sample: ' : ''}${picture.name}`}
        {!decoding && picture !== undefined && (
          <span class="soft">
            {' '}
            {picture.width} × {picture.height}, {formatPixels(picture.width, picture.height)}
          </span>
        )}
      </p>
      <div class="picture-buttons">
        <label class="button file-button">
          Choose a picture
          <input
            type="file"
            accept="image/*"
            class="visually-hidden"
            onChange={event => {
              onFile(event.currentTarget.files?.[0]);
              event.currentTarget.value = ''; // so that the same file can be chosen again
            }}
          />
        </label>
        {picture !== undefined && !picture.isSample && (
          <button type="button" class="button quiet" onClick={onSample}>
            Use the sample
          </button>
        )}
        <p class="fine">or drop or paste one here</p>
      </div>
    </div>
  );
}

function scaleWords(
  { name, scale }: { readonly name: string; readonly scale: number },
  picture: SourcePicture | undefined,
): string {
  if (picture === undefined) return name;
  return `${name}: ${Math.max(1, Math.round(picture.width * scale))} × ${Math.max(1, Math.round(picture.height * scale))}`;
}
