/**
 * All addresses as a ring, 0 at the top and growing clockwise, like a compass card; this device's links as chords. A
 * picture only: the table beside it says the same.
 */

import { formatPlural, formatRtt } from '../format.ts';
import { type Point, ringPoint } from '../ring-point.ts';
import type { PeerLink } from '../state/links.ts';
import { peerColour } from '../state/peer-palette.ts';
import { transportWords } from './transport-words.ts';

const CENTRE = 120;
const RADIUS = 88;
const TICKS = 64;
const HEX_LABELS = ['0', '4', '8', 'c'];

interface AddressRingProps {
  readonly ownAddress: string | undefined;
  readonly links: readonly PeerLink[];
}

export function AddressRing({ ownAddress, links }: AddressRingProps) {
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

/** Curved towards the middle, so that neighbours' links can be told apart from the ring. */
function Chord({ own, link }: { readonly own: Point; readonly link: PeerLink }) {
  const there = at(link.address, RADIUS);
  const bend = { x: (own.x + there.x + 2 * CENTRE) / 4, y: (own.y + there.y + 2 * CENTRE) / 4 };
  return (
    <path
      class={`chord chord-${link.transport}`}
      d={`M${own.x} ${own.y}Q${bend.x} ${bend.y} ${there.x} ${there.y}`}
      stroke={peerColour(link.address)}
    />
  );
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
