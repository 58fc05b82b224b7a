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
  const half = size * 0.026 * scale;
  const scaled = (share: number): number => (0.5 + (share - 0.5) * scale) * size;
  const points = CHART_POINTS.map(([x, y]) => [scaled(x), scaled(y)] as const);
  const strokes = points.slice(1).map((to, index) => stroke(points[index] ?? to, to, half));
  return any(...strokes, ...points.map(([x, y]) => disc(x, y, half)));
}

/** Draws the application icon, `size` × `size` pixels, for packages and windows. */
export function drawAppIcon(size: number): Picture {
  const picture = createPicture(size);
  const inset = (share: number): Shape =>
    box(size * share, size * share, size * (1 - 2 * share), size * (1 - 2 * share), size * (0.22 - share * 0.85));
  paint(picture, inset(0.04), EDGE);
  paint(picture, inset(0.065), BASE);
  paint(picture, both(inset(0.11), box(0, size * 0.5, size, size)), DEEP);
  paint(picture, both(inset(0.11), box(0, size * 0.5, size, size * 0.025)), FILL);
  paint(picture, chartLine(size), LINE);
  return picture;
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
