/** What the visitor has chosen in the job form; one signal per control. */

import { type Signal, signal } from '@preact/signals';
import { type Complaint, complaintOf } from '../errors.ts';
import { decodePicture, regionReader, releasePicture, type SourcePicture } from '../pictures/source-picture.ts';
import { collatzCounts, collatzStart, planCollatz } from '../tasks/collatz-plan.ts';
import { DIFFICULTY_DEFAULT, planHashSearch } from '../tasks/hash-search-plan.ts';
import type { JobPlan, TaskName } from '../tasks/job-plan.ts';
import { pictureSizes, places, planMandelbrot } from '../tasks/mandelbrot-plan.ts';
import { BLUR_DEFAULT, planPicture } from '../tasks/picture-plan.ts';

export class Choices {
  readonly task: Signal<TaskName> = signal<TaskName>('picture');
  readonly redundancy: Signal<number> = signal(1);
  readonly local: Signal<boolean> = signal(true);
  readonly picture: {
    /** Undefined until the built-in picture is drawn or a file is taken. */
    readonly source: Signal<SourcePicture | undefined>;
    /** True while a file is being decoded. */
    readonly decoding: Signal<boolean>;
    readonly complaint: Signal<Complaint | undefined>;
    readonly scale: Signal<number>;
    readonly blur: Signal<number>;
  };
  readonly mandelbrot: { readonly place: Signal<number>; readonly size: Signal<number> } = {
    place: signal(0),
    size: signal(0),
  };
  readonly collatz: { readonly start: Signal<string>; readonly count: Signal<number> } = {
    start: signal(collatzStart),
    count: signal(collatzCounts[1]!),
  };
  readonly hashSearch: { readonly text: Signal<string>; readonly difficulty: Signal<number> } = {
    text: signal('Peersea'),
    difficulty: signal(DIFFICULTY_DEFAULT),
  };
  readonly #makeSample: () => SourcePicture;
  #decodings = 0;

  /** `makeSample`: draws the built-in picture. */
  constructor(makeSample: () => SourcePicture) {
    this.#makeSample = makeSample;
    this.picture = {
      source: signal<SourcePicture | undefined>(undefined),
      decoding: signal(false),
      complaint: signal<Complaint | undefined>(undefined),
      scale: signal(0.5),
      blur: signal(BLUR_DEFAULT),
    };
  }

  /** Takes a file as the picture; what is wrong with it becomes `picture.complaint`. The newest file wins. */
  async takePicture(file: Blob & { readonly name?: string }): Promise<void> {
    const { decoding, complaint } = this.picture;
    const turn = ++this.#decodings;
    this.task.value = 'picture';
    decoding.value = true;
    complaint.value = undefined;
    try {
      const picture = await decodePicture(file);
      // the picture before is left to the collector: a job may still read it
      if (turn === this.#decodings) this.picture.source.value = picture;
      else releasePicture(picture);
    } catch (error) {
      if (turn === this.#decodings) complaint.value = complaintOf(error);
    } finally {
      if (turn === this.#decodings) decoding.value = false;
    }
  }

  /** Goes back to the built-in picture. */
  takeSample(): void {
    this.#decodings += 1;
    this.picture.decoding.value = false;
    this.picture.complaint.value = undefined;
    if (this.picture.source.value?.isSample !== true) this.picture.source.value = this.#makeSample();
  }

  /** The picture to compute on; the built-in one is drawn when none was taken yet. */
  currentPicture(): SourcePicture {
    const { source } = this.picture;
    source.value ??= this.#makeSample();
    return source.value;
  }

  /** The plan of what is chosen. Throws PageError. */
  plan(): JobPlan {
    switch (this.task.value) {
      case 'picture': {
        const { scale, blur } = this.picture;
        const picture = this.currentPicture();
        return planPicture(picture, { scale: scale.value, blur: blur.value }, () => regionReader(picture));
      }
      case 'mandelbrot': {
        const { width, height } = pictureSizes[this.mandelbrot.size.value]!;
        return planMandelbrot({ place: places[this.mandelbrot.place.value]!, width, height });
      }
      case 'collatz':
        return planCollatz({ start: this.collatz.start.value, count: this.collatz.count.value });
      case 'hash-search':
        return planHashSearch({ text: this.hashSearch.text.value, difficulty: this.hashSearch.difficulty.value });
    }
  }
}
