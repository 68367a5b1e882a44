/** A text as a QR code, dark on white whatever the colours around it: cameras expect that. */

import { qrPath } from '../qr-path.ts';

export function QrCode({ text }: { readonly text: string }) {
  const { size, path } = qrPath(text);
  return (
    <svg
      class="qr"
      role="img"
      aria-label={`QR code of ${text}`}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
