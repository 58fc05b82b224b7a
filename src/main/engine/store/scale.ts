/** Values as whole steps of their metric's resolution: what is stored, and what compresses. */

/** Turns values of one resolution into whole steps and back. */
export interface Scale {
  readonly resolution: number;
  toSteps(value: number): number;
  toValue(steps: number): number;
}

/**
 * Scale of a resolution. For a decimal part (0.1, 0.01) the step back is a division by a whole number, which gives
 * the very double the decimal is written as; a multiplication would give 0.30000000000000004.
 */
export function scaleOf(resolution: number): Scale {
  const parts = Math.round(1 / resolution);
  if (resolution < 1) {
    // Adding 0 turns −0 into 0.
    return { resolution, toSteps: (value) => Math.round(value * parts) + 0, toValue: (steps) => steps / parts };
  }
  return { resolution, toSteps: (value) => Math.round(value / resolution) + 0, toValue: (steps) => steps * resolution };
}
