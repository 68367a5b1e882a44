/** The last minute as a small area: one step per second. The number beside it says the same in words. */

const WIDTH = 180;
const HEIGHT = 44;

export function Sparkline({ series }: { readonly series: readonly number[] }) {
  const smooth = smoothed(series);
  const top = Math.max(1, ...smooth);
  const points = smooth.map(
    (value, at) =>
      `${((at / (smooth.length - 1)) * WIDTH).toFixed(1)} ${(HEIGHT - 1.5 - (value / top) * (HEIGHT - 5)).toFixed(1)}`,
  );
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="sparkline-area" d={`M0 ${HEIGHT}L${points.join('L')}L${WIDTH} ${HEIGHT}Z`} />
      <path class="sparkline-line" d={`M${points.join('L')}`} vector-effect="non-scaling-stroke" />
      <path class="sparkline-base" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

/** Each second's mean with its neighbours: parts come in bursts. */
function smoothed(series: readonly number[]): number[] {
  return series.map((value, at) => ((series[at - 1] ?? value) + 2 * value + (series[at + 1] ?? value)) / 4);
}
