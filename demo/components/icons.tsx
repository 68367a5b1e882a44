/** Small drawings in the line of the text beside them; all are decoration, the words carry the meaning. */

import type { ComponentChildren } from 'preact';

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export function WaveMark() {
  return (
    <Icon>
      <path d="M1.5 7.5c2.1-2.2 4.1-2.2 5.7 0s3.6 2.2 5.6 0 3.6-2.2 5.7 0" />
      <path d="M1.5 13c2.1-2.2 4.1-2.2 5.7 0s3.6 2.2 5.6 0 3.6-2.2 5.7 0" />
    </Icon>
  );
}

export function StopIcon() {
  return (
    <Icon>
      <rect x="4.5" y="4.5" width="11" height="11" fill="currentColor" />
    </Icon>
  );
}

export function PlayIcon() {
  return (
    <Icon>
      <path d="M6 4l10 6-10 6z" fill="currentColor" />
    </Icon>
  );
}

export function ProgramIcon() {
  return (
    <Icon>
      <rect x="2.5" y="3.5" width="15" height="13" />
      <path d="M6 8l2.5 2L6 12M10.5 12.5h4" />
    </Icon>
  );
}

export function PiecesIcon() {
  return (
    <Icon>
      <path d="M2.5 4h15M2.5 10h15M2.5 16h15" />
      <path d="M2.5 2.5v3M7.5 2.5v3M12.5 2.5v3M17.5 2.5v3M2.5 8.5v3M7.5 8.5v3M12.5 8.5v3M17.5 8.5v3M2.5 14.5v3M7.5 14.5v3M12.5 14.5v3M17.5 14.5v3" />
    </Icon>
  );
}

export function EyeIcon() {
  return (
    <Icon>
      <path d="M1.5 10C4 5.8 6.8 4 10 4s6 1.8 8.5 6c-2.5 4.2-5.3 6-8.5 6s-6-1.8-8.5-6z" />
      <circle cx="10" cy="10" r="2.6" />
    </Icon>
  );
}

export function HandIcon() {
  return (
    <Icon>
      <circle cx="10" cy="10" r="8" />
      <rect x="7" y="7" width="6" height="6" />
    </Icon>
  );
}

export function PictureIcon() {
  return (
    <Icon>
      <rect x="2" y="3.5" width="16" height="13" />
      <path d="M2 14l4.5-4.5 3.5 3.5 3-3 5 4.5" />
      <circle cx="13" cy="7.2" r="1.3" />
    </Icon>
  );
}

export function FractalIcon() {
  return (
    <Icon>
      <path d="M13 4c-2.8 0-4.2 2-4.2 3.6C6.5 7.5 5 8.5 5 10s1.5 2.5 3.8 2.4C8.8 14 10.2 16 13 16c3 0 5-2.7 5-6s-2-6-5-6zM5 10H2" />
    </Icon>
  );
}

export function ChainIcon() {
  return (
    <Icon>
      <path d="M2 15l3-6 2.5 3.5L11 3l2.5 9 2-3.5L18 15" />
    </Icon>
  );
}

export function ProofIcon() {
  return (
    <Icon>
      <path d="M4 7.5h12M4 12.5h12M8.5 3L7 17M13 3l-1.5 14" />
    </Icon>
  );
}

export function FileIcon() {
  return (
    <Icon>
      <path d="M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5" />
    </Icon>
  );
}

export function LockIcon() {
  return (
    <Icon>
      <rect x="4" y="9" width="12" height="8" />
      <path d="M6.5 9V6.5a3.5 3.5 0 0 1 7 0V9" />
    </Icon>
  );
}
