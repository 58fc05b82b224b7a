/** Texts that give a value its meaning: what 100 % is, and the value it is to be compared with. */
import { formatCount } from '../units';
import type { FamilyDescriptor, MetricDescriptor } from './define';
import type { Value } from './reading';

/** "of one core", for a share that is not one of the whole; null for every other metric. */
export function shareText({ share }: MetricDescriptor): string | null {
  return share === undefined ? null : `of ${share}`;
}

/** "64 cores", "1 core": a count with the name of its metric. */
export function countText(count: number, { label }: MetricDescriptor): string {
  const noun = label.toLowerCase();
  return `${formatCount(count)} ${count === 1 ? noun.replace(/s$/, '') : noun}`;
}

/** The value shown beside that of a metric, as text: "64 cores" beside a load. Null for metrics without one, and while it is unknown. */
export function besideText(family: Pick<FamilyDescriptor, 'metrics'>, { beside }: MetricDescriptor, values: Readonly<Record<string, Value>> | undefined): string | null {
  const other = beside === undefined ? undefined : family.metrics[beside];
  const value = beside === undefined ? null : (values?.[beside] ?? null);
  return other === undefined || value === null ? null : countText(value, other);
}
