/** Data of one series in one form: samples and rollup points of any width, as columns. */
import type { Samples } from './samples';
import { lowerBound } from '../../../shared/series/search';

/** Items as columns, values in the metric's unit. Only the first `length` entries of a column are valid. */
export class Items {
  length = 0;
  /** Time of a sample, or start of a rollup point's bucket, epoch ms. */
  time = new Float64Array(0);
  /** Width of a rollup point's bucket, ms; 0 for a sample. */
  width = new Float64Array(0);
  count = new Float64Array(0);
  sum = new Float64Array(0);
  min = new Float64Array(0);
  max = new Float64Array(0);

  /** Makes room for `more` items. Replaces the columns: do not keep references to them. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.time.length) return;
    const room = Math.max(needed, 2 * this.time.length);
    const wider = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(room);
      to.set(column.subarray(0, this.length));
      return to;
    };
    this.time = wider(this.time);
    this.width = wider(this.width);
    this.count = wider(this.count);
    this.sum = wider(this.sum);
    this.min = wider(this.min);
    this.max = wider(this.max);
  }

  /** Removes the items from index `first` on whose time is outside [from, to). Their times must ascend. */
  keep(first: number, from: number, to: number): void {
    const begin = lowerBound(this.time, from, first, this.length);
    const end = lowerBound(this.time, to, begin, this.length);
    if (begin > first) for (const column of [this.time, this.width, this.count, this.sum, this.min, this.max]) column.copyWithin(first, begin, end);
    this.length = first + end - begin;
  }

  addSamples({ time, value }: Samples): void {
    this.reserve(time.length);
    for (let i = 0; i < time.length; i += 1) {
      const at = this.length;
      const sample = value[i] ?? 0;
      this.time[at] = time[i] ?? 0;
      this.width[at] = 0;
      this.count[at] = 1;
      this.sum[at] = sample;
      this.min[at] = sample;
      this.max[at] = sample;
      this.length += 1;
    }
  }
}

/** The same items in time order; items of equal time keep their order. */
export function inItemOrder(items: Items): Items {
  const { time, length } = items;
  let isOrdered = true;
  for (let i = 1; i < length && isOrdered; i += 1) isOrdered = (time[i] ?? 0) >= (time[i - 1] ?? 0);
  if (isOrdered) return items;
  const order = Array.from({ length }, (_, index) => index);
  order.sort((a, b) => (time[a] ?? 0) - (time[b] ?? 0) || a - b);
  const pick = (column: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(order, (index) => column[index] ?? 0);
  const ordered = new Items();
  ordered.length = length;
  ordered.time = pick(time);
  ordered.width = pick(items.width);
  ordered.count = pick(items.count);
  ordered.sum = pick(items.sum);
  ordered.min = pick(items.min);
  ordered.max = pick(items.max);
  return ordered;
}
