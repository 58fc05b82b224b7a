/** The last five minutes of some series, in a line's height. */
import { memo, useMemo } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { StoreApi } from 'zustand/vanilla';
import type { Unit } from '../../shared/metrics/define';
import type { SeriesKey } from '../../shared/metrics/index';
import { EMPTY_COLUMNS, hasValues } from '../data/columns';
import { formatAxisValue } from '../lib/value-width';
import { SPARK_SPAN, sparkPaths, sparkScale } from './spark-path';
import type { SparkState } from './spark-path';
import './sparkline.css';

const BOX = { width: 300, height: 40 } as const;

/** All lines of a sparkline have the same unit and scale. */
interface SparklineProps {
  readonly store: StoreApi<SparkState>;
  readonly series: readonly SeriesKey[];
  readonly unit: Unit;
  /** The scale reaches at least so far, where its limits are not beside it: many small ones are compared with each other. */
  readonly reach?: number;
}

/** The last five minutes as lines. The limits of the scale are beside it, so that small variations are not mistaken for large ones. */
export const Sparkline = memo(function Sparkline({ store, series, unit, reach }: SparklineProps) {
  const lines = useStore(
    store,
    useShallow((state) => series.map((key) => state.columns[key] ?? EMPTY_COLUMNS)),
  );
  const end = useStore(store, (state) => state.end);
  const scale = useMemo(() => sparkScale(lines, unit, reach), [lines, unit, reach]);
  const paths = useMemo(() => lines.map((line) => sparkPaths(line, end - SPARK_SPAN, end, scale, BOX)), [lines, end, scale]);
  const drawn = lines.some(hasValues);
  return (
    <div className="spark" data-bare={reach !== undefined || undefined} aria-hidden="true">
      <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none">
        {paths.map((path, at) => (
          <g key={series[at]} className={`spark-line spark-${at + 1}`}>
            {lines.length === 1 && <path className="spark-area" d={path.area} />}
            <path className="spark-stroke" d={path.line} />
          </g>
        ))}
      </svg>
      {reach === undefined && (
        <span className="spark-scale">
          <span>{drawn && formatAxisValue(scale.max, unit)}</span>
          <span>{drawn && formatAxisValue(scale.min, unit)}</span>
        </span>
      )}
    </div>
  );
});
