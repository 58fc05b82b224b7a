/** Draws the application icon in the style of the tray icon: a tile filled from below, with the line of a chart. */
import { any, both, box, createPicture, disc, paint, polygon } from './raster';
import type { Picture, Rgb, Shape } from './raster';

const BASE: Rgb = [27, 33, 41];
const EDGE: Rgb = [60, 70, 82];
const FILL: Rgb = [56, 201, 172];
const DEEP: Rgb = [24, 104, 96];
const LINE: Rgb = [240, 244, 247];

/** Points of the chart line, as shares of the icon's side. */
const CHART_POINTS = [
  [0.2, 0.63],
  [0.36, 0.63],
  [0.46, 0.37],
  [0.57, 0.7],
  [0.66, 0.5],
  [0.8, 0.5],
] as const;

/** Half the width of that line, as a share of the side. */
const LINE_HALF = 0.026;

/** A line with square ends, `half` its width to each side. */
function stroke(from: readonly [number, number], to: readonly [number, number], half: number): Shape {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const acrossX = ((to[1] - from[1]) / length) * half;
  const acrossY = ((from[0] - to[0]) / length) * half;
  return polygon([
    [from[0] + acrossX, from[1] + acrossY],
    [to[0] + acrossX, to[1] + acrossY],
    [to[0] - acrossX, to[1] - acrossY],
    [from[0] - acrossX, from[1] - acrossY],
  ]);
}

/** `scale` shrinks the line around the center. */
function chartLine(size: number, scale = 1): Shape {
  const half = size * LINE_HALF * scale;
  const scaled = (share: number): number => (0.5 + (share - 0.5) * scale) * size;
  const points = CHART_POINTS.map(([x, y]) => [scaled(x), scaled(y)] as const);
  const strokes = points.slice(1).map((to, index) => stroke(points[index] ?? to, to, half));
  return any(...strokes, ...points.map(([x, y]) => disc(x, y, half)));
}

/** Distance of each layer's edge from that of the picture, as a share of its side. */
const INSETS = { edge: 0.04, base: 0.065, level: 0.11 } as const;

/** Radius of a layer's corners, as a share of the side. */
const cornerOf = (inset: number): number => 0.22 - inset * 0.85;

/** Where the level ends above, and the thickness of the line that marks it, as shares of the side. */
const LEVEL = { top: 0.5, line: 0.025 } as const;

/** Draws the application icon, `size` × `size` pixels, for packages and windows. */
export function drawAppIcon(size: number): Picture {
  const picture = createPicture(size);
  const inset = (share: number): Shape => box(size * share, size * share, size * (1 - 2 * share), size * (1 - 2 * share), size * cornerOf(share));
  paint(picture, inset(INSETS.edge), EDGE);
  paint(picture, inset(INSETS.base), BASE);
  paint(picture, both(inset(INSETS.level), box(0, size * LEVEL.top, size, size)), DEEP);
  paint(picture, both(inset(INSETS.level), box(0, size * LEVEL.top, size, size * LEVEL.line)), FILL);
  paint(picture, chartLine(size), LINE);
  return picture;
}

/** Side of the drawing below, in its own units. */
const SVG_SIDE = 512;

/** The same icon as a drawing that is sharp at any size (SVG 1.1), for desktops on Linux. */
export function appIconSvg(): string {
  const at = (share: number): string => String(Math.round(share * SVG_SIDE * 100) / 100);
  const color = (rgb: Rgb): string => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  const tile = (inset: number, rgb: Rgb): string => `<rect x="${at(inset)}" y="${at(inset)}" width="${at(1 - 2 * inset)}" height="${at(1 - 2 * inset)}" rx="${at(cornerOf(inset))}" fill="${color(rgb)}"/>`;
  const [left, right, corner] = [INSETS.level, 1 - INSETS.level, cornerOf(INSETS.level)];
  const arc = `a${at(corner)} ${at(corner)} 0 0 1 ${at(-corner)}`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SVG_SIDE}" height="${SVG_SIDE}" viewBox="0 0 ${SVG_SIDE} ${SVG_SIDE}">`,
    '<title>Traywatch</title>',
    tile(INSETS.edge, EDGE),
    tile(INSETS.base, BASE),
    `<path d="M${at(left)} ${at(LEVEL.top)}H${at(right)}V${at(right - corner)}${arc} ${at(corner)}H${at(left + corner)}${arc} ${at(-corner)}Z" fill="${color(DEEP)}"/>`,
    `<rect x="${at(left)}" y="${at(LEVEL.top)}" width="${at(right - left)}" height="${at(LEVEL.line)}" fill="${color(FILL)}"/>`,
    `<polyline points="${CHART_POINTS.map((point) => point.map(at).join()).join(' ')}" fill="none" stroke="${color(LINE)}" stroke-width="${at(2 * LINE_HALF)}" stroke-linecap="round" stroke-linejoin="round"/>`,
    '</svg>',
  ].join('\n')}\n`;
}

/** Diameter of the circle that is never cut off a maskable icon, as a share of its side (W3C, App Manifest, maskable icons). */
const SAFE_ZONE = 0.8;

/** Draws the icon for phones: filled to the edge, with the line in the safe zone. */
export function drawMaskableIcon(size: number): Picture {
  const picture = createPicture(size);
  paint(picture, box(0, 0, size, size), BASE);
  paint(picture, box(0, size * 0.5, size, size * 0.5), DEEP);
  paint(picture, box(0, size * 0.5, size, size * 0.025), FILL);
  paint(picture, chartLine(size, SAFE_ZONE), LINE);
  return picture;
}
