/** What tests ask of a sketch. */
import type { Sketch } from '../../src/main/engine/series/sketch';

/** How many numbers a sketch counted. */
export function sketchCount({ counts }: Sketch): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
