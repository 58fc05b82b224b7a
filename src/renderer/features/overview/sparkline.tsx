/** The sparkline of a card. */
import { memo, useMemo } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Unit } from '../../../shared/metrics/define';
import type { SeriesKey } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { EMPTY_COLUMNS, hasValues } from '../../data/columns';
import { formatAxisValue } from '../../lib/value-width';
import { sparkPaths, sparkScale } from './spark-path';
import { SPARK_SPAN } from '../../app/sparks';

const BOX = { width: 300, height: 40 } as const;

/** All lines of a sparkline have the same unit and scale. */
interface SparklineProps {
  readonly series: readonly SeriesKey[];
  readonly unit: Unit;
}

/** The last five minutes as lines. The limits of the scale are beside it, so that small variations are not mistaken for large ones. */
export const Sparkline = memo(function Sparkline({ series, unit }: SparklineProps) {
  const { sparks } = useApp();
  const lines = useStore(
    sparks.store,
    useShallow((state) => series.map((key) => state.columns[key] ?? EMPTY_COLUMNS)),
  );
  const end = useStore(sparks.store, (state) => state.end);
  const scale = useMemo(() => sparkScale(lines, unit), [lines, unit]);
  const paths = useMemo(() => lines.map((line) => sparkPaths(line, end - SPARK_SPAN, end, scale, BOX)), [lines, end, scale]);
  const drawn = lines.some(hasValues);
  return (
    <div className="spark" aria-hidden="true">
      <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none">
        {paths.map((path, at) => (
          <g key={series[at]} className={`spark-line spark-${at + 1}`}>
            {lines.length === 1 && <path className="spark-area" d={path.area} />}
            <path className="spark-stroke" d={path.line} />
          </g>
        ))}
      </svg>
      <span className="spark-scale">
        <span>{drawn && formatAxisValue(scale.max, unit)}</span>
        <span>{drawn && formatAxisValue(scale.min, unit)}</span>
      </span>
    </div>
  );
});
