/**
 * Draws the tray icon: a tile that fills from below with the CPU level. Severity changes the shape as well as the color, so
 * that it is recognizable in grayscale and on a template image:
 * healthy = rounded tile, warning = tile with a triangle, critical = disc with an exclamation mark,
 * paused = two bars, unknown = corners of a tile around a dash.
 */
import type { Severity } from '../../../shared/metrics/severity';
import { any, both, box, createPicture, disc, erase, grow, paint, polygon, without } from './raster';
import type { Picture, Rgb, Shape } from './raster';

/** Number of steps of the level: 0 is an idle machine, LEVELS a fully busy one. */
export const LEVELS = 10;

/** What the icon depends on. A level of null is drawn as an empty tile. */
export interface IconState {
  readonly level: number | null;
  readonly severity: Severity;
  readonly paused: boolean;
}

/** panel: colored, legible on light and dark panels; template: black and alpha, tinted by macOS. */
export type IconScheme = 'panel' | 'template';

/** The colors of the layers; null leaves a layer out, 'clear' makes it transparent. */
interface Inks {
  readonly base: Rgb | 'clear';
  readonly edge: Rgb;
  readonly fill: Rgb;
  readonly halo: 'clear' | null;
  readonly symbol: Rgb | 'clear';
}

/** A shape and the layer it belongs to. */
interface Layer {
  readonly part: keyof Inks;
  readonly shape: Shape;
}

type IconStyle = 'healthy' | 'warning' | 'critical' | 'unknown' | 'paused';

const SLATE: Rgb = [27, 33, 41];
const GRAY: Rgb = [134, 144, 156];
const MIST: Rgb = [222, 227, 233];
const BLACK: Rgb = [0, 0, 0];

const OUTLINED: Inks = { base: 'clear', edge: BLACK, fill: BLACK, halo: 'clear', symbol: BLACK };
const SOLID: Inks = { base: BLACK, edge: BLACK, fill: BLACK, halo: null, symbol: 'clear' };

/** In black a solid disc with the symbol cut out is clearer than the level inside it. */
const TEMPLATE: Readonly<Record<IconStyle, Inks>> = {
  healthy: OUTLINED,
  warning: OUTLINED,
  critical: SOLID,
  unknown: OUTLINED,
  paused: OUTLINED,
};

const PANEL: Readonly<Record<IconStyle, Inks>> = {
  healthy: { base: SLATE, edge: GRAY, fill: [56, 201, 172], halo: null, symbol: MIST },
  warning: { base: SLATE, edge: GRAY, fill: [56, 201, 172], halo: 'clear', symbol: [255, 184, 28] },
  critical: { base: [96, 12, 18], edge: [244, 70, 64], fill: [222, 38, 38], halo: null, symbol: [255, 255, 255] },
  unknown: { base: 'clear', edge: GRAY, fill: GRAY, halo: null, symbol: GRAY },
  paused: { base: SLATE, edge: GRAY, fill: GRAY, halo: null, symbol: MIST },
};

/** Pixel-aligned measures for one size; `side` is the edge length of the tile, `inset` the distance of the level from the edge of the picture. */
interface Grid {
  readonly size: number;
  readonly line: number;
  readonly start: number;
  readonly side: number;
  readonly inset: number;
}

function toGrid(size: number): Grid {
  const line = Math.max(1, Math.round(size / 20));
  const start = Math.max(1, Math.round(size / 22));
  return { size, line, start, side: size - 2 * start, inset: start + 2 * line };
}

function tile({ start, side, size }: Grid, by: number): Shape {
  return box(start + by, start + by, side - 2 * by, side - 2 * by, Math.max(0, size / 6 - by));
}

function round({ size }: Grid, by: number): Shape {
  return disc(size / 2, size / 2, size / 2 - by);
}

/** Everything below the level's upper edge, which is on a pixel boundary; level 0 still shows a line. */
function below({ size, inset, line }: Grid, level: number): Shape {
  const filled = Math.max(line, Math.round(((size - 2 * inset) * level) / LEVELS));
  return box(0, size - inset - filled, size, size);
}

function gauge(grid: Grid, body: (grid: Grid, by: number) => Shape, level: number | null): Layer[] {
  const layers: Layer[] = [
    { part: 'edge', shape: body(grid, 0) },
    { part: 'base', shape: body(grid, grid.line) },
  ];
  if (level !== null) layers.push({ part: 'fill', shape: both(body(grid, 2 * grid.line), below(grid, level)) });
  return layers;
}

function framed(grid: Grid, edge: Shape, symbol: Shape): Layer[] {
  return [
    { part: 'base', shape: tile(grid, 0) },
    { part: 'edge', shape: edge },
    { part: 'symbol', shape: symbol },
  ];
}

function frame(grid: Grid): Shape {
  return without(tile(grid, 0), tile(grid, grid.line));
}

/** Of even width, so that it is centered on a pixel boundary. */
function exclamation({ size }: Grid): Shape {
  const half = Math.max(1, Math.round(size / 18));
  const top = Math.round(size * 0.23);
  const bottom = size - top;
  return any(
    box(size / 2 - half, top, 2 * half, bottom - top - 3 * half, half * 0.6),
    box(size / 2 - half, bottom - 2 * half, 2 * half, 2 * half, half * 0.6),
  );
}

/** A triangle in the lower right corner of the picture. */
function triangle({ size }: Grid): Shape {
  const half = Math.round(size * 0.3);
  const height = Math.round(half * 1.8);
  return polygon([
    [size - half, size - height],
    [size, size],
    [size - 2 * half, size],
  ]);
}

function pauseBars({ size }: Grid): Shape {
  const bar = Math.max(2, Math.round(size / 8));
  const half = Math.max(1, Math.round(size / 16));
  const top = Math.round(size * 0.3);
  const height = size - 2 * top;
  return any(box(size / 2 - half - bar, top, bar, height), box(size / 2 + half, top, bar, height));
}

function corners(grid: Grid): Shape {
  const corner = Math.round(grid.size * 0.36);
  const window = grid.size - 2 * corner;
  return without(frame(grid), any(box(corner, 0, window, grid.size), box(0, corner, grid.size, window)));
}

function dash({ size }: Grid): Shape {
  const half = Math.max(1, Math.round(size / 20));
  const from = Math.round(size * 0.32);
  return box(from, size / 2 - half, size - 2 * from, 2 * half);
}

const LAYERS: Readonly<Record<IconStyle, (grid: Grid, level: number | null) => Layer[]>> = {
  healthy: (grid, level) => gauge(grid, tile, level),
  warning: (grid, level) => [
    ...gauge(grid, tile, level),
    { part: 'halo', shape: grow(triangle(grid), grid.line) },
    { part: 'symbol', shape: triangle(grid) },
  ],
  critical: (grid, level) => [
    ...gauge(grid, round, level),
    { part: 'halo', shape: grow(exclamation(grid), grid.line) },
    { part: 'symbol', shape: exclamation(grid) },
  ],
  unknown: (grid) => framed(grid, corners(grid), dash(grid)),
  paused: (grid) => framed(grid, frame(grid), pauseBars(grid)),
};

/** Draws the icon for a state, `size` × `size` pixels. Sizes are even; 16 is the smallest that is legible. */
export function drawTrayIcon(state: IconState, size: number, scheme: IconScheme): Picture {
  const style: IconStyle = state.paused ? 'paused' : state.severity;
  const inks = (scheme === 'template' ? TEMPLATE : PANEL)[style];
  const picture = createPicture(size);
  for (const { part, shape } of LAYERS[style](toGrid(size), state.level)) {
    const ink = inks[part];
    if (ink === 'clear') erase(picture, shape);
    else if (ink !== null) paint(picture, shape, ink);
  }
  return picture;
}

/** The cache key of an icon: equal for states with the same picture. */
export function iconKey({ level, severity, paused }: IconState): string {
  if (paused) return 'paused';
  return severity === 'unknown' ? severity : `${severity} ${level ?? 'none'}`;
}
