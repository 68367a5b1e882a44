/** What was earned in each step of the last hour, day or month, as bars on a chart's scale. */

import { formatPlural } from '../format.ts';
import { type Currency, formatMoney } from '../state/chain-money.ts';
import { type Earnings, type EarningsSeries, type SpanName, spans } from '../state/credit-earnings.ts';

const WIDTH = 600;
const HEIGHT = 120;
const BASE = HEIGHT - 1;

interface EarningsChartProps {
  readonly earnings: Earnings;
  readonly currency: Currency;
}

export function EarningsChart({ earnings, currency }: EarningsChartProps) {
  const series = earnings.series.value;
  const { words } = spans[series.span];
  const top = series.steps.reduce((most, step) => (step > most ? step : most), 0n);
  return (
    <figure class="earnings">
      <figcaption class="earnings-head">
        <span data-testid="earned-lately">
          {series.parts === 0
            ? `Nothing earned in ${words}.`
            : `${formatMoney(series.total, currency)} earned with ${formatPlural(series.parts, 'part')} in ${words}.`}
        </span>
        <SpanChoice span={series.span} onPick={span => earnings.show(span)} />
      </figcaption>
      <Bars series={series} top={top} />
      <div class="earnings-scale" aria-hidden="true">
        <span>{agoWords[series.span]}</span>
        {top > 0n && <span>highest bar {formatMoney(top, currency)}</span>}
        <span>now</span>
      </div>
    </figure>
  );
}

const agoWords: Readonly<Record<SpanName, string>> = {
  Hour: '1 hour ago',
  Day: '24 hours ago',
  Month: '30 days ago',
};

/** For the eye: the sentence above says the sum. */
function Bars({ series: { steps }, top }: { readonly series: EarningsSeries; readonly top: bigint }) {
  const step = WIDTH / steps.length;
  return (
    <svg class="earnings-bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="earnings-lines" d={`M0 ${HEIGHT / 2}H${WIDTH}M0 4H${WIDTH}`} vector-effect="non-scaling-stroke" />
      {steps.map((amount, at) => {
        const height = heightOf(amount, top);
        return <rect key={at} x={at * step + 1} y={BASE - height} width={step - 2} height={height} />;
      })}
      <path class="earnings-base" d={`M0 ${BASE}H${WIDTH}`} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

function SpanChoice({ span, onPick }: { readonly span: SpanName; readonly onPick: (span: SpanName) => void }) {
  return (
    <fieldset class="bare">
      <legend class="visually-hidden">Time that the chart shows</legend>
      <div class="segments small">
        {(Object.keys(spans) as SpanName[]).map(name => (
          <label key={name} class="segment">
            <input type="radio" name="earnings-span" checked={span === name} onChange={() => onPick(name)} />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The smallest amount is still to be seen. */
function heightOf(amount: bigint, top: bigint): number {
  if (amount === 0n || top === 0n) return 0;
  return Math.max(2, Number((amount * 1000n) / top) * ((HEIGHT - 5) / 1000));
}
