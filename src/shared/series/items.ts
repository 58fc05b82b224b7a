/** Items of one series in time order: samples, and rollup points of any tier, side by side. */
import type { Samples } from './samples';

/** Columns of equal length, values in the metric's unit. */
export interface Items {
  /** Time of a sample, or start of a point's bucket, epoch ms. */
  readonly time: number[];
  /** Milliseconds of a point's bucket; 0 for a sample. */
  readonly width: number[];
  readonly count: number[];
  readonly sum: number[];
  readonly min: number[];
  readonly max: number[];
}

/** Nothing yet. */
export function emptyItems(): Items {
  return { time: [], width: [], count: [], sum: [], min: [], max: [] };
}

/** Adds an item. */
export function pushItem(to: Items, time: number, width: number, count: number, sum: number, min: number, max: number): void {
  to.time.push(time);
  to.width.push(width);
  to.count.push(count);
  to.sum.push(sum);
  to.min.push(min);
  to.max.push(max);
}

/** Samples as items. */
export function itemsOf({ time, value }: Samples): Items {
  const values = [...value];
  return { time: [...time], width: time.map(() => 0), count: time.map(() => 1), sum: values, min: values, max: values };
}

/** The same items, oldest first. Items of equal time keep their order. */
export function inItemOrder(items: Items): Items {
  const { time } = items;
  if (time.every((at, i) => i === 0 || at >= (time[i - 1] ?? 0))) return items;
  const order = time.map((_, index) => index);
  order.sort((a, b) => (time[a] ?? 0) - (time[b] ?? 0) || a - b);
  const pick = (column: number[]): number[] => order.map((index) => column[index] ?? 0);
  return { time: pick(time), width: pick(items.width), count: pick(items.count), sum: pick(items.sum), min: pick(items.min), max: pick(items.max) };
}
