import { memo, useMemo } from 'react';
import { encode } from 'uqr';

/** Modules of white around the code: what readers are promised (ISO/IEC 18004). */
const QUIET = 4;

/** The dark modules as one path, a unit each; runs in a row are one rectangle. */
function toPath(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) => row.flatMap((dark, x) => {
      if (!dark || row[x - 1] === true) return [];
      const end = row.indexOf(false, x);
      return [`M${x} ${y}h${(end < 0 ? row.length : end) - x}v1H${x}z`];
    }))
    .join('');
}

/** A QR code; always dark on white, for some cameras read nothing else. */
export const QrCode = memo(function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(text, { ecc: 'M', border: 0 });
    return { size: code.size, path: toPath(code.data) };
  }, [text]);
  const width = size + 2 * QUIET;
  return (
    <figure className="qr" aria-label={label}>
      <svg viewBox={`${-QUIET} ${-QUIET} ${width} ${width}`} aria-hidden="true" shapeRendering="crispEdges">
        <rect x={-QUIET} y={-QUIET} width={width} height={width} fill="#ffffff" />
        <path d={path} fill="#000000" />
      </svg>
    </figure>
  );
});
