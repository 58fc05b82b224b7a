/** A long range cut into questions small enough to be answered one after the other, each as fine as the store keeps it. */

const DAY = 86_400_000;
const MINUTE = 60_000;

/** How fine history is by age, newest first: beyond the last age, hours. */
const STEPS = [
  { age: DAY, width: 1000 },
  { age: 7 * DAY, width: MINUTE },
  { age: 30 * DAY, width: 15 * MINUTE },
  { age: Infinity, width: 60 * MINUTE },
] as const;

/** Points of one slice: few enough to be read and written in a few milliseconds. */
export const SLICE_POINTS = 1000;

/** One question: a range, epoch ms, `to` exclusive. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Cuts [from, to) into slices, oldest first; `now` tells how old a time is. Cuts lie on the edges of points, so that none is told twice. */
export function slicesOf(from: number, to: number, now: number): readonly Slice[] {
  const slices: Slice[] = [];
  let at = Math.round(from);
  STEPS.toReversed().forEach(({ width }, index) => {
    const younger = STEPS[STEPS.length - 2 - index];
    const edge = (time: number): number => Math.floor(time / width) * width;
    const end = younger === undefined ? Math.round(to) : Math.min(Math.round(to), edge(now - younger.age));
    // A little less than fits, so that the store's rounding does not choose the next coarser width.
    const length = width * SLICE_POINTS * 0.95;
    while (at < end) {
      const next = Math.min(end, edge(at + length));
      slices.push({ from: at, to: next });
      at = next;
    }
  });
  return slices;
}
