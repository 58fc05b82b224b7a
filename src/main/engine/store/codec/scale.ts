/** Values as integer steps of their metric's resolution: steps are what is stored, because they compress well. */

/** Converts values of one resolution to steps and back. */
export class Scale {
  readonly resolution: number;
  /**
   * A step is `times / parts`, one of which is 1. For a decimal resolution (0.1, 0.01) the conversion back is a division by
   * an integer, which gives the exact double of the decimal; a multiplication would give 0.30000000000000004.
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

/** The scale of a resolution. */
export function scaleOf(resolution: number): Scale {
  return new Scale(resolution);
}
