/** The days of a service as a bar, and the latency of its last hour as a line. */
import { memo, useMemo } from 'react';
import { sparkPaths, sparkScale } from '../../charts/spark-path';
import { hasValues } from '../../data/columns';
import type { Columns } from '../../data/columns';
import { formatDay } from '../../lib/age';
import { BAR_DAYS, LATENCY_SPAN } from './use-uptime';
import { daysText, formatUptime, measuredText } from './uptime';
import type { DayUptime } from './uptime';

/** Height of a day's mark by its level: it is told from others without color, too. Of 20. */
const HEIGHTS = { up: 20, degraded: 15, down: 9, none: 3 } as const;
/** Width of a day and of the space behind it. */
const DAY_WIDTH = 4;
const SPACE = 1;

/** "2026-11-21: 99.98 %, measured 40 % of the time". */
function dayTitle({ from, uptime }: DayUptime): string {
  const measured = measuredText(uptime);
  return `${formatDay(from)}: ${uptime.percent === null ? 'not measured' : `${formatUptime(uptime.percent)} up${measured === null ? '' : `, ${measured}`}`}`;
}

/** The last 90 days, a mark for each: high and green where nothing failed, lower and yellow or red where it did, a low grey one where nothing was measured. */
export const DayBar = memo(function DayBar({ days }: { readonly days: readonly DayUptime[] | undefined }) {
  const width = BAR_DAYS * (DAY_WIDTH + SPACE) - SPACE;
  if (days === undefined) return <span className="day-bar" />;
  return (
    <>
      <span className="sr">{daysText(days)}</span>
      <svg className="day-bar" viewBox={`0 0 ${width} 20`} preserveAspectRatio="none" aria-hidden="true">
        {days.map((day, at) => (
          <g key={day.from}>
            <title>{dayTitle(day)}</title>
            <rect fill="transparent" x={at * (DAY_WIDTH + SPACE)} y={0} width={DAY_WIDTH + SPACE} height={20} />
            <rect data-level={day.level} x={at * (DAY_WIDTH + SPACE)} y={20 - HEIGHTS[day.level]} width={DAY_WIDTH} height={HEIGHTS[day.level]} />
          </g>
        ))}
      </svg>
    </>
  );
});

const BOX = { width: 120, height: 24 } as const;

/** The latency of the last hour up to `end`, epoch ms; an empty place without any. Hidden from assistive technology: the number is beside it. */
export const LatencyLine = memo(function LatencyLine({ columns, end }: { readonly columns: Columns | undefined; readonly end: number }) {
  const path = useMemo(() => (columns === undefined || !hasValues(columns) ? null : sparkPaths(columns, end - LATENCY_SPAN, end, sparkScale([columns], 'milliseconds'), BOX)), [columns, end]);
  return (
    <svg className="latency-line" viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
      {path !== null && (
        <>
          <path className="latency-area" d={path.area} />
          <path className="latency-stroke" d={path.line} />
        </>
      )}
    </svg>
  );
});
