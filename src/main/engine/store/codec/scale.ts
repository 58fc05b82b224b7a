/** Values as whole steps of their metric's resolution: what is stored, and what compresses. */

/** Turns values of one resolution into whole steps and back. */
export class Scale {
  readonly resolution: number;
  /**
   * A step is `times / parts`, one of which is 1. For a decimal part (0.1, 0.01) the step back is a division by a whole
   * number, which gives the very double the decimal is written as; a multiplication would give 0.30000000000000004.
   */
  readonly times: number;
  readonly parts: number;

  constructor(resolution: number) {
    this.resolution = resolution;
    this.times = resolution < 1 ? 1 : resolution;
    this.parts = resolution < 1 ? Math.round(1 / resolution) : 1;
  }

  toSteps(value: number): number {
    // Adding 0 turns −0 into 0.
    return Math.round((value * this.parts) / this.times) + 0;
  }

  toValue(steps: number): number {
    return (steps * this.times) / this.parts;
  }
}

/** Scale of a resolution. */
export function scaleOf(resolution: number): Scale {
  return new Scale(resolution);
}
