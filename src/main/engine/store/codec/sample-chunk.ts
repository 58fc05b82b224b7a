/**
 * Chunks of samples: one series, one slot. The times of a slot's ticks are the same for all series, so they are kept
 * once, and a chunk says only which of them it has. A chunk is a row of sections, one for each time its slot was
 * sealed; more than one there is only where a clock was set back.
 *
 *   unsigned  bytes of what follows, then packed columns (columns.ts):
 *     [values]                a value at every tick of the slot
 *     [values, changes]       changes of the ticks' numbers, first to last
 *     [values, changes, []]   times of its own: changes of the ms
 */
import { ByteReader, ByteWriter } from './bytes';
import { fromChanges, NO_NUMBERS, packColumns, toChanges, unpackColumns } from './packed-columns';

/** Samples of one series in one slot, in the order they were taken. */
export interface WindowSamples {
  /** Which of the slot's ticks, ascending; null for each of them. */
  readonly ticks: readonly number[] | null;
  /** Values in steps. */
  readonly steps: readonly number[];
}

/** The times of a slot's ticks, packed. */
export function packTimes(times: readonly number[]): Buffer {
  // Second differences: a steady beat is a row of zeros.
  return packColumns([toChanges(toChanges(times))]);
}

/** What packTimes packed. */
export function unpackTimes(bytes: Buffer): Float64Array {
  return fromChanges(fromChanges(unpackColumns(bytes)[0] ?? NO_NUMBERS));
}

function toSection(columns: readonly (readonly number[])[]): Buffer {
  const out = new ByteWriter();
  const packed = packColumns(columns);
  out.unsigned(packed.length);
  out.append(packed);
  return out.take();
}

/** A section of samples. `times` are those of the slot's ticks; `isShared`: they are kept for the slot. */
export function packSection(samples: WindowSamples, times: readonly number[], isShared: boolean): Buffer {
  const { ticks, steps } = samples;
  if (!isShared) return toSection([steps, toChanges(toChanges(ticks === null ? times : ticks.map((tick) => times[tick] ?? 0))), []]);
  return toSection(ticks === null || ticks.length === times.length ? [steps] : [steps, toChanges(ticks)]);
}

/** Hands on the samples of a chunk. `windowTimes` is asked only where a section needs it. Throws on damaged bytes. */
export function readSections(bytes: Buffer, windowTimes: () => ArrayLike<number>, push: (time: number, steps: number) => void): void {
  const input = new ByteReader(bytes);
  while (input.at < bytes.length) {
    const [values = NO_NUMBERS, changes, own] = unpackColumns(input.bytes(input.unsigned()));
    const times = own !== undefined ? fromChanges(fromChanges(changes ?? NO_NUMBERS)) : windowTimes();
    const ticks = own === undefined && changes !== undefined ? fromChanges(changes) : null;
    for (let i = 0; i < values.length; i += 1) {
      const time = times[ticks === null ? i : (ticks[i] ?? -1)];
      if (time === undefined) throw new Error('stored chunk has no times');
      push(time, values[i] ?? 0);
    }
  }
}
