/** CPU, memory and disk of a machine: value, bar, and the last five minutes. */
import { memo, useMemo } from 'react';
import { useStore } from 'zustand';
import type { MachineSummary } from '../../../shared/machines/machine-schemas';
import { seriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { sparkPaths } from '../../charts/spark-path';
import { EMPTY_COLUMNS } from '../../data/columns';
import type { Columns } from '../../data/columns';
import { Value } from '../../ui/value';

const ROWS = [
  ['cpu', 'CPU', 'CPU usage'],
  ['memory', 'Memory', 'Memory usage'],
  ['disk', 'Disk', 'Usage of the fullest disk'],
] as const;

const BOX = { width: 90, height: 16 } as const;
const SCALE = { min: 0, max: 100, interval: 25 } as const;
/** A value for each ten seconds of five minutes. */
const POINTS = 30;
const STEP = 10_000;

const Spark = memo(function Spark({ values }: { readonly values: readonly (number | null)[] }) {
  const { line, area } = useMemo(() => sparkPaths({ ...EMPTY_COLUMNS, time: values.map((_, at) => POINTS - values.length + at), avg: values }, 0, POINTS - 1, SCALE, BOX), [values]);
  return (
    <svg className="usage-spark" viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="spark-area" d={area} />
      <path className="spark-stroke" d={line} />
    </svg>
  );
});

/** The means of each ten seconds of the five minutes before `end`, epoch ms; null where there is none. */
function meansOf({ time, avg }: Columns, end: number): readonly (number | null)[] {
  const sums = Array.from({ length: POINTS }, () => ({ sum: 0, count: 0 }));
  time.forEach((at, index) => {
    const value = avg[index] ?? null;
    const point = sums[POINTS - 1 - Math.floor((end - at) / STEP)];
    if (value === null || point === undefined) return;
    point.sum += value;
    point.count += 1;
  });
  return sums.map(({ sum, count }) => (count === 0 ? null : sum / count));
}

/** The rows of the machine Traywatch runs on, from what this page knows of it. */
export function OwnUsageRows({ usage }: Pick<MachineSummary, 'usage'>) {
  const { sparks } = useApp();
  const { columns, end } = useStore(sparks.store);
  const spark = useMemo(() => {
    const of = (key: SeriesKey): readonly (number | null)[] => meansOf(columns[key] ?? EMPTY_COLUMNS, end);
    return { cpu: of(seriesKey('cpu', 'usage')), memory: of(seriesKey('memory', 'usage')), disk: of(seriesKey('disk', 'usage')) };
  }, [columns, end]);
  return <UsageRows usage={usage} spark={spark} />;
}

/** One row each. */
export function UsageRows({ usage, spark }: Pick<MachineSummary, 'usage' | 'spark'>) {
  return (
    <dl className="usage">
      {ROWS.map(([key, label, help]) => (
        <div key={key} title={help}>
          <dt>{label}</dt>
          <dd>
            <Value value={usage[key]} unit="percent" />
          </dd>
          <dd className="usage-bar" aria-hidden="true">
            <span style={{ width: `${Math.min(100, Math.max(0, usage[key] ?? 0))}%` }} />
          </dd>
          <dd aria-hidden="true">{spark !== null && <Spark values={spark[key]} />}</dd>
        </div>
      ))}
    </dl>
  );
}
