/** CPU, memory and disk of a machine: value, bar, and the last five minutes. */
import { memo, useMemo } from 'react';
import type { MachineSummary } from '../../../shared/machines/machine-schemas';
import { sparkPaths } from '../../charts/spark-path';
import { EMPTY_COLUMNS } from '../../data/columns';
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

const Spark = memo(function Spark({ values }: { readonly values: readonly (number | null)[] }) {
  const { line, area } = useMemo(() => sparkPaths({ ...EMPTY_COLUMNS, time: values.map((_, at) => POINTS - values.length + at), avg: values }, 0, POINTS - 1, SCALE, BOX), [values]);
  return (
    <svg className="usage-spark" viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="spark-area" d={area} />
      <path className="spark-stroke" d={line} />
    </svg>
  );
});

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
