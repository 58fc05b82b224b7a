/**
 * Format of a chunk of samples: one series, one window. The times of a window's ticks are the same for all series, so they
 * are stored once, and a chunk only names the ticks it has. A chunk consists of sections, one for each time its window was
 * sealed; there is more than one only where a clock was set back.
 *
 *   unsigned  bytes of what follows, then packed columns (packed-columns.ts):
 *     [values]                a value at every tick of the window
 *     [values, changes]       changes of the ticks' indexes, first to last
 *     [values, changes, []]   with its own times: second differences, ms
 */
import { ByteReader, ByteWriter } from './bytes';
import { fromChanges, NO_NUMBERS, packColumns, toChanges, unpackColumns } from './packed-columns';

/** Samples of one series in one window, in the order they were taken. */
export interface WindowSamples {
  /** Indexes of the window's ticks that have a sample, ascending; null for all. */
  readonly ticks: readonly number[] | null;
  /** Values in steps. */
  readonly steps: readonly number[];
}

/** Packs the times of a window's ticks, epoch ms. */
export function packTimes(times: readonly number[]): Buffer {
  // Second differences: of a constant interval these are zeros.
  return packColumns([toChanges(toChanges(times))]);
}

/** Inverse of packTimes. Throws on damaged bytes. */
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

/** Packs a section of samples. `times`: those of the window's ticks; `isShared`: these are the times stored for the window. */
export function packSection(samples: WindowSamples, times: readonly number[], isShared: boolean): Buffer {
  const { ticks, steps } = samples;
  if (!isShared) return toSection([steps, toChanges(toChanges(ticks === null ? times : ticks.map((tick) => times[tick] ?? 0))), []]);
  return toSection(ticks === null || ticks.length === times.length ? [steps] : [steps, toChanges(ticks)]);
}

/** Pushes the samples of a chunk. `windowTimes` is called only if a section needs the times of the window. Throws on damaged bytes. */
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
