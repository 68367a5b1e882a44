/** The drawing beside the claim: a sea chart with a few peers, and a picture that they compute in pieces. */

const DEPTHS = [0.92, 0.78, 0.64, 0.5, 0.36];
const PEERS = [
  { x: 92, y: 70, colour: 'var(--chart-a)' },
  { x: 352, y: 54, colour: 'var(--chart-b)' },
  { x: 398, y: 216, colour: 'var(--chart-c)' },
  { x: 252, y: 292, colour: 'var(--chart-d)' },
  { x: 64, y: 236, colour: 'var(--chart-e)' },
] as const;
const TILES = ['a', 'c', 'b', 'd', 'e', 'b', 'a', 'c', 'd', 'e', 'a', 'b', 'c', 'd', 'e', 'a', 'b', 'c', 'e', 'd'];
const TILE = 22;

export function ChartDrawing() {
  return (
    <svg class="chart-drawing" viewBox="0 0 460 340" aria-hidden="true">
      <g fill="none" stroke="var(--contour)" stroke-width="1">
        {DEPTHS.map(depth => (
          <path key={depth} d={isobath(depth)} />
        ))}
      </g>
      <g stroke="var(--ink-soft)" stroke-width="1" stroke-dasharray="1 5" stroke-linecap="round">
        {PEERS.flatMap((from, at) =>
          PEERS.slice(at + 1).map(to => <line key={`${from.x} ${to.x}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />),
        )}
      </g>
      <g transform="translate(175 125)">
        {TILES.map((peer, at) => (
          <rect
            key={at}
            x={(at % 5) * TILE}
            y={Math.floor(at / 5) * TILE}
            width={TILE - 1.5}
            height={TILE - 1.5}
            fill={`var(--chart-${peer})`}
            opacity={at < 15 ? 0.92 : 0.22}
          />
        ))}
      </g>
      {PEERS.map(({ x, y, colour }) => (
        <g key={x} transform={`translate(${x} ${y})`}>
          <circle r="13" fill="var(--paper)" stroke={colour} stroke-width="1.5" />
          <circle r="7" fill={colour} />
        </g>
      ))}
    </svg>
  );
}

/** A closed wavy line around the middle: a circle whose radius swings three and five times. */
function isobath(size: number): string {
  const points: string[] = [];
  for (let step = 0; step < 120; step++) {
    const angle = (step / 120) * 2 * Math.PI;
    const swing = 1 + 0.07 * Math.sin(3 * angle + size * 5) + 0.045 * Math.sin(5 * angle - size * 3);
    points.push(
      `${(230 + 222 * size * swing * Math.cos(angle)).toFixed(1)} ${(170 + 158 * size * swing * Math.sin(angle)).toFixed(1)}`,
    );
  }
  return `M${points.join('L')}Z`;
}
