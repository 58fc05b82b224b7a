/** Since when counters count. A sum without that means nothing. Pure. */
import type { FamilyId } from './index';
import type { MetricDescriptor } from './define';
import type { CounterStart, Snapshot } from './reading';

/** The start of the machine, or what happened since to the counters; epoch ms. */
export interface CountedSince {
  /** Start of the machine; null while it is unknown. */
  readonly boot: number | null;
  /** The latest change: from then on a device counts anew, or a sum has other parts. */
  readonly change: CounterStart | null;
}

/** True for a sum: a counter, other than of time, which says itself how long it has run. */
export function isSum({ kind, unit }: MetricDescriptor): boolean {
  return kind === 'counter' && unit !== 'seconds';
}

/** When the machine was started, epoch ms, to the second; null while its uptime is unknown. */
export function bootTimeOf({ readings, readAt, time }: Pick<Snapshot, 'readings' | 'readAt' | 'time'>): number | null {
  const seconds = readings.uptime?.values['system'] ?? null;
  return seconds === null ? null : Math.round((readAt.uptime ?? time) / 1000 - seconds) * 1000;
}

/** Since when the sums of a family count, or those of one of its devices. */
export function countedSince(snapshot: Pick<Snapshot, 'readings' | 'readAt' | 'time'>, family: FamilyId, device?: string): CountedSince {
  const reading = snapshot.readings[family];
  const change = device === undefined ? reading?.since : reading?.devices[device]?.since;
  return { boot: bootTimeOf(snapshot), change: change ?? null };
}
