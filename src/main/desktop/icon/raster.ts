/**
 * A small rasterizer: shapes are signed distance functions, painted with one pixel of anti-aliasing. Where a straight edge
 * is on a pixel boundary the coverage is exactly 0 or 1, which keeps an icon of 16 pixels sharp.
 */

/** Signed distance of a point to a shape's edge, in pixels; negative inside. */
export type Shape = (x: number, y: number) => number;

/** Red, green and blue, 0–255. */
export type Rgb = readonly [number, number, number];

/** A square picture: rows of red, green, blue, alpha, each 0–255, not premultiplied. */
export interface Picture {
  readonly size: number;
  readonly pixels: Uint8ClampedArray;
}

/** An empty, transparent picture of `size` × `size` pixels. */
export function createPicture(size: number): Picture {
  return { size, pixels: new Uint8ClampedArray(size * size * 4) };
}

/** A box with its upper left corner at (x, y); `radius` rounds its corners. */
export function box(x: number, y: number, width: number, height: number, radius = 0): Shape {
  const centerX = x + width / 2;
  const centerY = y + height / 2;
  return (px, py) => {
    const dx = Math.abs(px - centerX) - width / 2 + radius;
    const dy = Math.abs(py - centerY) - height / 2 + radius;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

/** A filled circle. */
export function disc(centerX: number, centerY: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - centerX, y - centerY) - radius;
}

/** A convex polygon with its corners in clockwise order (y grows downwards). */
export function polygon(corners: readonly (readonly [number, number])[]): Shape {
  const edges = corners.map(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y];
    const length = Math.hypot(nextX - x, nextY - y);
    return { x, y, normalX: (nextY - y) / length, normalY: (x - nextX) / length };
  });
  return (px, py) =>
    edges.reduce((worst, edge) => Math.max(worst, (px - edge.x) * edge.normalX + (py - edge.y) * edge.normalY), -Infinity);
}

/** The shape, larger by `pixels` on every side. */
export function grow(shape: Shape, pixels: number): Shape {
  return (x, y) => shape(x, y) - pixels;
}

/** The intersection of two shapes. */
export function both(a: Shape, b: Shape): Shape {
  return (x, y) => Math.max(a(x, y), b(x, y));
}

/** The union of the shapes. */
export function any(...shapes: readonly Shape[]): Shape {
  return (x, y) => shapes.reduce((nearest, shape) => Math.min(nearest, shape(x, y)), Infinity);
}

/** The first shape without the second. */
export function without(shape: Shape, cutout: Shape): Shape {
  return (x, y) => Math.max(shape(x, y), -cutout(x, y));
}

/** Calls back for each pixel that the shape touches, with its covered share. */
function cover({ size }: Picture, shape: Shape, each: (offset: number, coverage: number) => void): void {
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      // Rounded so that a boundary computed as 0.4999999 does not leave an alpha of 1.
      const coverage = Math.round((0.5 - shape(x + 0.5, y + 0.5)) * 255) / 255;
      if (coverage > 0) each((y * size + x) * 4, Math.min(1, coverage));
    }
  }
}

/** Paints a shape in one color over the picture. */
export function paint(picture: Picture, shape: Shape, color: Rgb, opacity = 1): void {
  const { pixels } = picture;
  cover(picture, shape, (offset, coverage) => {
    const over = coverage * opacity;
    const under = ((pixels[offset + 3] ?? 0) / 255) * (1 - over);
    const alpha = over + under;
    for (let channel = 0; channel < 3; channel += 1) {
      const below = pixels[offset + channel] ?? 0;
      pixels[offset + channel] = ((color[channel] ?? 0) * over + below * under) / alpha;
    }
    pixels[offset + 3] = alpha * 255;
  });
}

/** Makes the picture transparent where the shape is. */
export function erase(picture: Picture, shape: Shape): void {
  const { pixels } = picture;
  cover(picture, shape, (offset, coverage) => {
    pixels[offset + 3] = (pixels[offset + 3] ?? 0) * (1 - coverage);
  });
}
