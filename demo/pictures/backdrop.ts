/** What lies behind a result until its tiles come: the source, or an empty chart. Drawn small; the page's style pales it. */

import type { PictureView } from '../tasks/job-plan.ts';

const SIDE_MAX = 1_200;

export function drawBackdrop(canvas: HTMLCanvasElement, view: PictureView): void {
  const scale = Math.min(1, SIDE_MAX / Math.max(view.width, view.height));
  canvas.width = Math.max(1, Math.round(view.width * scale));
  canvas.height = Math.max(1, Math.round(view.height * scale));
  if (view.backdrop === undefined) return;
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'medium';
  context.drawImage(view.backdrop, 0, 0, canvas.width, canvas.height);
}
