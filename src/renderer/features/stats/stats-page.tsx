import { useCallback } from 'react';
import { FAMILY_IDS, familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { MetricDescriptor } from '../../../shared/metrics/define';
import { useApp, useLive } from '../../app/app-context';
import { describeRange, SPANS } from '../../lib/range';
import type { RangeChoice, Span } from '../../lib/range';
import { formatRoute } from '../../lib/route';
import { PageHead } from '../../ui/page-head';
import { RangePicker } from '../../ui/range-picker';
import { ErrorNote } from '../../ui/stat-cells';
import { useStats } from './use-stats';
import type { StatsResult } from './use-stats';
import { Scroller } from '../../ui/scroller';
import { Value } from '../../ui/value';
import '../../charts/charts.css';
import '../../ui/tables.css';

/** Ranges that always stand there. */
const FIXED = ['12h', '24h', '7d'] as const satisfies readonly Span[];
const FIGURES = [
  ['avg', 'Avg'],
  ['p95', 'p95'],
  ['max', 'Max'],
] as const;

interface Row {
  readonly family: FamilyId;
  readonly key: string;
  readonly label: string;
  readonly metric: MetricDescriptor;
}

/** An average of what only ever grows says nothing. */
function isSummed(metric: MetricDescriptor | undefined): boolean {
  return metric !== undefined && metric.stored !== false && metric.kind !== 'counter';
}

/** The big numbers of every family: its headline, and what stands beside it in its sparkline. */
const ROWS: readonly Row[] = FAMILY_IDS.flatMap((family) => {
  const { metrics, headline, spark, label } = familyOf(family);
  const names = [...new Set([headline, ...spark])].filter((name) => isSummed(metrics[name]));
  return names.flatMap((name): Row[] => {
    const metric = metrics[name];
    if (metric === undefined) return [];
    const isPlain = names.length === 1 && metric.label === 'Usage';
    return [{ family, key: seriesKey(family, name), label: isPlain ? label : `${label}: ${metric.short ?? metric.label}`, metric }];
  });
});

const KEYS = ROWS.map(({ key }) => key);

interface Group {
  readonly choice: RangeChoice;
  readonly label: string;
  readonly answer: StatsResult;
}

function Cells({ row, answer }: { readonly row: Row; readonly answer: StatsResult }) {
  const stats = answer === null || answer === 'failed' ? undefined : answer[row.key];
  return FIGURES.map(([name]) => (
    <td key={name} className={name === 'avg' ? 'group-start' : undefined}>
      <Value value={stats?.[name]} unit={row.metric.unit} />
    </td>
  ));
}

function Head({ groups }: { readonly groups: readonly Group[] }) {
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          Metric
        </th>
        {groups.map(({ label }) => (
          <th scope="colgroup" colSpan={FIGURES.length} className="group-start" key={label}>
            {label}
          </th>
        ))}
      </tr>
      <tr>
        {groups.flatMap((group) =>
          FIGURES.map(([name, label]) => (
            <th scope="col" key={`${group.label} ${name}`} className={name === 'avg' ? 'group-start' : undefined}>
              {label}
            </th>
          )),
        )}
      </tr>
    </thead>
  );
}

function Table({ groups }: { readonly groups: readonly Group[] }) {
  const known = groups.flatMap(({ answer }) => (answer === null || answer === 'failed' ? [] : Object.values(answer)));
  return (
    <section className="table-panel" aria-label="Statistics of all metrics">
      <Scroller className="table-scroll stats-scroll" label="Table of the statistics">
        <table className="stats-page-table">
          <Head groups={groups} />
          <tbody>
            {ROWS.map((row) => (
              <tr key={row.key}>
                <th scope="row" title={row.label}>
                  <a href={formatRoute({ page: 'family', family: row.family, range: { kind: 'live', span: '24h' } })}>{row.label}</a>
                </th>
                {groups.map(({ label, answer }) => (
                  <Cells key={label} row={row} answer={answer} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <ErrorNote stats={known} />
    </section>
  );
}

/** Average, 95th percentile and maximum of every family over fixed ranges and one of one's own. */
export function StatsPage({ range }: { readonly range: RangeChoice }) {
  const { router, live } = useApp();
  const started = useLive((state) => state.time > 0);
  const now = useCallback(() => live.getState().time, [live]);
  const halfDay = useStats(KEYS, { kind: 'live', span: FIXED[0] }, started);
  const day = useStats(KEYS, { kind: 'live', span: FIXED[1] }, started);
  const week = useStats(KEYS, { kind: 'live', span: FIXED[2] }, started);
  const own = useStats(KEYS, range, started);
  const ownLabel = range.kind === 'fixed' ? 'Custom' : SPANS[range.span].label;
  const fixed = [halfDay, day, week].map((answer, at): Group => ({ choice: { kind: 'live', span: FIXED[at] ?? '24h' }, label: SPANS[FIXED[at] ?? '24h'].label, answer }));
  const isExtra = range.kind === 'fixed' || !FIXED.some((span) => span === range.span);
  const groups = isExtra ? [{ choice: range, label: ownLabel, answer: own }, ...fixed] : fixed;
  const failed = groups.some(({ answer }) => answer === 'failed');
  return (
    <>
      <PageHead title="Statistics" />
      <div className="toolbar stats-toolbar">
        <RangePicker choice={range} now={now} onChoose={(choice) => router.go({ page: 'stats', range: choice })} />
        <p className="time-readout quiet">{isExtra ? `First columns: ${describeRange(range)}` : 'Choose a range to add'}</p>
      </div>
      {failed && (
        <p className="page-empty" role="alert">
          Some statistics could not be read.
        </p>
      )}
      {groups.every(({ answer }) => answer === null) ? <p className="page-empty">{started ? 'Loading…' : 'Collecting the first minute…'}</p> : <Table groups={groups} />}
    </>
  );
}
