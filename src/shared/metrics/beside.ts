/** Texts that give a value its meaning: what 100 % is, the value it is to be compared with, and counts in a row. */
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

/** "3 up, 1 down": the counts of a family that are not zero; null where it has none, or none is known. */
export function tallyText({ metrics, card }: Pick<FamilyDescriptor, 'metrics' | 'card'>, values: Readonly<Record<string, Value>> | undefined): string | null {
  const known = (card?.tally ?? []).flatMap((name) => {
    const [value, metric] = [values?.[name] ?? null, metrics[name]];
    return value === null || metric === undefined ? [] : [{ value, text: `${formatCount(value)} ${metric.label.toLowerCase()}` }];
  });
  const counted = known.filter(({ value }) => value > 0);
  return known.length === 0 ? null : (counted.length === 0 ? known : counted).map(({ text }) => text).join(', ');
}
