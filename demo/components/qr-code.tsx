/** A text as a QR code, drawn as one path; dark on light in either colour scheme, as readers expect it. */

import { useMemo } from 'preact/hooks';
import { drawQr } from './qr-drawing.ts';

export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => drawQr(text), [text]);
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
