/** QR codes as SVG. */
import { memo, useMemo } from 'react';
import { encode } from 'uqr';

/** Width of the quiet zone, the white margin that readers need, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** The dark modules as one path, one unit per module; adjacent ones in a row become one rectangle. */
function toPath(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) => row.flatMap((dark, x) => {
      if (!dark || row[x - 1] === true) return [];
      const end = row.indexOf(false, x);
      return [`M${x} ${y}h${(end < 0 ? row.length : end) - x}v1H${x}z`];
    }))
    .join('');
}

/** A QR code, dark on white in both themes: some cameras read no other. */
export const QrCode = memo(function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(text, { ecc: 'M', border: 0 });
    return { size: code.size, path: toPath(code.data) };
  }, [text]);
  const width = size + 2 * QUIET_ZONE;
  return (
    <figure className="qr" aria-label={label}>
      <svg viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${width} ${width}`} aria-hidden="true" shapeRendering="crispEdges">
        <rect x={-QUIET_ZONE} y={-QUIET_ZONE} width={width} height={width} fill="#ffffff" />
        <path d={path} fill="#000000" />
      </svg>
    </figure>
  );
});
