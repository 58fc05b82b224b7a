/** Samples between two reads of a made-up machine. Pure. */
import type { Reading, SampleBatch, Value } from '../../src/shared/metrics/reading';
import { hash } from './random';

/** Values between two reads, a little noisy where the two differ. */
function valuesBetween(a: Reading['values'], b: Reading['values'], share: number, noise: number): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const name in b) {
    const [before, after] = [a[name] ?? null, b[name] ?? null];
    if (after === null || before === null) continue;
    const mean = before + (after - before) * share;
    values[name] = before === after ? after : Math.max(0, Math.min(Math.max(before, after, mean + 0.35 * noise * (Math.abs(after - before) + 0.08 * Math.abs(mean))), after <= 100 && before <= 100 ? 100 : Number.POSITIVE_INFINITY));
  }
  return values;
}

function readingBetween(a: Reading, b: Reading, share: number, noise: number): Reading {
  const devices = Object.entries(b.devices).flatMap(([id, device]) => {
    const before = a.devices[id];
    return before === undefined ? [] : [[id, { ...device, values: valuesBetween(before.values, device.values, share, noise) }] as const];
  });
  return { values: valuesBetween(a.values, b.values, share, noise), devices: Object.fromEntries(devices) };
}

/** A batch at a time between two others. */
export function batchBetween(a: SampleBatch, b: SampleBatch, time: number): SampleBatch {
  const share = (time - a.time) / (b.time - a.time);
  const noise = 2 * hash(time, 22) - 1;
  const before: Readonly<Record<string, Reading | undefined>> = a.readings;
  const readings = Object.entries(b.readings).flatMap(([id, reading]) => {
    const earlier = before[id];
    return earlier === undefined ? [] : [[id, readingBetween(earlier, reading, share, noise)] as const];
  });
  return { seq: b.seq, time, readings: Object.fromEntries(readings), faults: {} };
}
