/**
 * All addresses as a ring, 0 at the top and growing clockwise, like a compass card; this device's links as chords, and the
 * ways that calls take at the moment over them. A picture only: table and list beside it say the same.
 */

import { formatPlural, formatRtt } from '../format.ts';
import { type Point, ringPoint } from '../ring-point.ts';
import type { PeerLink } from '../state/links.ts';
import { peerColour } from '../state/peer-palette.ts';
import { type TakenRoute, wayOf } from '../state/routes.ts';
import { transportWords } from './transport-words.ts';

const CENTRE = 120;
const RADIUS = 88;
const TICKS = 64;
const HEX_LABELS = ['0', '4', '8', 'c'];

interface AddressRingProps {
  readonly ownAddress: string | undefined;
  readonly links: readonly PeerLink[];
  /** Those to be lit. */
  readonly routes: readonly TakenRoute[];
}

export function AddressRing({ ownAddress, links, routes }: AddressRingProps) {
  const own = ownAddress === undefined ? undefined : at(ownAddress, RADIUS);
  return (
    <svg
      class="ring"
      viewBox="0 0 240 240"
      role="img"
      aria-label={`Ring of addresses: this device and ${formatPlural(links.length, 'linked peer')}`}
    >
      <CompassCard />
      {own !== undefined && links.map(link => <Chord key={link.address} own={own} link={link} />)}
      {own !== undefined && routes.map(route => <LitRoute key={wayOf(route)} own={own} route={route} />)}
      {links.map(link => (
        <PeerDot key={link.address} link={link} />
      ))}
      {ownAddress !== undefined && own !== undefined && <OwnMark address={ownAddress} point={own} />}
    </svg>
  );
}

function CompassCard() {
  return (
    <g class="ring-card">
      <circle cx={CENTRE} cy={CENTRE} r={RADIUS} />
      {Array.from({ length: TICKS }, (_, tick) => {
        const address = ((tick * 65_536) / TICKS).toString(16).padStart(4, '0');
        const [from, to] = [at(address, RADIUS + 7), at(address, RADIUS + (tick % 4 === 0 ? 15 : 11))];
        return <line key={tick} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />;
      })}
      {HEX_LABELS.map(digit => {
        const point = at(`${digit}000`, RADIUS + 24);
        return (
          <text key={digit} x={point.x} y={point.y} dy="0.35em" text-anchor="middle">
            {digit}
          </text>
        );
      })}
    </g>
  );
}

function Chord({ own, link }: { readonly own: Point; readonly link: PeerLink }) {
  return (
    <path
      class={`chord chord-${link.transport}`}
      d={lineThrough([own, at(link.address, RADIUS)])}
      stroke={peerColour(link.address)}
    />
  );
}

/** A call's way, from this device over the nodes between; where another point was asked for, that is marked too. */
function LitRoute({ own, route }: { readonly own: Point; readonly route: TakenRoute }) {
  const { asked, target, hops } = route;
  const stops = [...hops, target].map(address => at(address, RADIUS));
  const point = at(asked, RADIUS + 2);
  return (
    <g class="route" data-target={target} data-hops={hops.length}>
      <path class="route-line" pathLength="1" d={lineThrough([own, ...stops])} />
      {stops.map(({ x, y }) => (
        <circle key={`${x} ${y}`} class="route-stop" cx={x} cy={y} r="9" />
      ))}
      {asked !== target && <path class="route-asked" d={`M${point.x - 4} ${point.y - 4}l8 8m0 -8l-8 8`} />}
    </g>
  );
}

/** Curved towards the middle between each two, so that neighbours' links can be told apart from the ring. */
function lineThrough([first, ...others]: readonly Point[]): string {
  let from = first!;
  let line = `M${from.x} ${from.y}`;
  for (const to of others) {
    line += `Q${(from.x + to.x + 2 * CENTRE) / 4} ${(from.y + to.y + 2 * CENTRE) / 4} ${to.x} ${to.y}`;
    from = to;
  }
  return line;
}

function PeerDot({ link }: { readonly link: PeerLink }) {
  const { x, y } = at(link.address, RADIUS);
  return (
    <circle class="ring-peer" cx={x} cy={y} r="6.5" fill={peerColour(link.address)}>
      <title>
        {link.address}, {transportWords[link.transport]}, {formatRtt(link.rttMs)}
      </title>
    </circle>
  );
}

function OwnMark({ address, point }: { readonly address: string; readonly point: Point }) {
  const { x, y } = point;
  const label = at(address, RADIUS - 26);
  return (
    <g class="ring-own">
      <path d={`M${x} ${y - 10}L${x + 10} ${y}L${x} ${y + 10}L${x - 10} ${y}Z`} fill={peerColour(address)} />
      <text x={label.x} y={label.y} dy="0.35em" text-anchor="middle">
        you
      </text>
    </g>
  );
}

function at(address: string, radius: number): Point {
  return ringPoint(address, CENTRE, radius);
}
