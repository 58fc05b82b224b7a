/**
 * The Statistics page: average, 95th percentile and maximum of every metric group over fixed ranges and a chosen one.
 *
 * May import app/, charts/, ui/, data/, lib/ and theme/ of the renderer and src/shared. Imports no other feature; only the
 * frame imports this file, and loads it when the page is first shown.
 */
import { useCallback } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { shareText } from '../../../shared/metrics/beside';
import { FAMILY_IDS, familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { MetricDescriptor } from '../../../shared/metrics/define';
import { useApp, useLink, useLive } from '../../app/app-context';
import { PageAsOf, useAbsentFamilies } from '../../app/staleness';
import { useHistoryBegin } from '../../app/use-history-begin';
import { longestInterval, rangeSeconds } from '../../lib/coverage';
import { describeRange, SPANS } from '../../lib/range';
import type { RangeChoice, Span } from '../../lib/range';
import { formatRoute } from '../../lib/route';
import { PageHead } from '../../ui/page-head';
import { RangePicker } from '../../ui/range-picker';
import { mostSampled, partialText, RowCoverage } from '../../ui/coverage-note';
import { ErrorNote } from '../../ui/stat-cells';
import type { StatsEntry } from '../../data/history-queries';
import { useStats } from './use-stats';
import type { StatsResult } from './use-stats';
import { Scroller } from '../../ui/scroller';
import { Value } from '../../ui/value';
import '../../charts/charts.css';
import '../../ui/tables.css';
import './stats.css';

/** Ranges that are always shown. */
const FIXED_SPANS = ['12h', '24h', '7d'] as const satisfies readonly Span[];
/** Columns of each range: field of the response, and heading. */
const STATISTICS = [
  ['avg', 'Avg'],
  ['p95', 'p95'],
  ['max', 'Max'],
] as const;

interface StatsRow {
  readonly family: FamilyId;
  readonly key: string;
  readonly label: string;
  /** "of one core", for a share of less than the machine. */
  readonly share: string | null;
  readonly metric: MetricDescriptor;
}

/** True for metrics with useful statistics: stored ones that are no counter, whose average would mean nothing. */
function hasStatistics(metric: MetricDescriptor | undefined): boolean {
  return metric !== undefined && metric.stored !== false && metric.kind !== 'counter';
}

/** The main metrics of every metric group: its headline metric, and those of its sparkline. */
const ROWS: readonly StatsRow[] = FAMILY_IDS.flatMap((family) => {
  const { metrics, headline, spark, label } = familyOf(family);
  const names = [...new Set([headline, ...spark])].filter((name) => hasStatistics(metrics[name]));
  return names.flatMap((name): StatsRow[] => {
    const metric = metrics[name];
    if (metric === undefined) return [];
    const isPlain = names.length === 1 && metric.label === 'Usage';
    return [{ family, key: seriesKey(family, name), label: isPlain ? label : `${label}: ${metric.short ?? metric.label}`, share: shareText(metric), metric }];
  });
});

const KEYS = ROWS.map(({ key }) => key);

/** The columns of one range. */
interface ColumnGroup {
  readonly choice: RangeChoice;
  readonly label: string;
  readonly result: StatsResult;
}

const entriesOf = (result: StatsResult): readonly StatsEntry[] => (result === null || result === 'failed' ? [] : Object.values(result));

function StatsCells({ row, result }: { readonly row: StatsRow; readonly result: StatsResult }) {
  const stats = result === null || result === 'failed' ? undefined : result[row.key];
  return STATISTICS.map(([name]) => (
    <td key={name} className={name === 'avg' ? 'group-start' : undefined}>
      <Value value={stats?.[name]} unit={row.metric.unit} />
      {name === 'avg' && <RowCoverage stats={stats} others={mostSampled(entriesOf(result))} interval={longestInterval(row.family)} />}
    </td>
  ));
}

/** The label of a range; "20 s of 7 d" where less than the range was sampled. */
function GroupLabel({ label, choice, result }: ColumnGroup) {
  const text = partialText(mostSampled(entriesOf(result)), rangeSeconds(choice));
  if (text === null) return label;
  return <span title="Only this part of the range was sampled">{text}</span>;
}

function StatsHead({ groups }: { readonly groups: readonly ColumnGroup[] }) {
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          Metric
        </th>
        {groups.map((group) => (
          <th scope="colgroup" colSpan={STATISTICS.length} className="group-start" key={group.label}>
            <GroupLabel {...group} />
          </th>
        ))}
      </tr>
      <tr>
        {groups.flatMap((group) =>
          STATISTICS.map(([name, label]) => (
            <th scope="col" key={`${group.label} ${name}`} className={name === 'avg' ? 'group-start' : undefined}>
              {label}
            </th>
          )),
        )}
      </tr>
    </thead>
  );
}

/** Keys of metrics that the system tells nobody. */
function useUntoldKeys(): readonly string[] {
  return useLive(useShallow((state) => FAMILY_IDS.flatMap((family) => (state.readings[family]?.untold ?? []).map((name) => seriesKey(family, name)))));
}

function AllStatsTable({ groups }: { readonly groups: readonly ColumnGroup[] }) {
  const link = useLink();
  const loaded = groups.flatMap(({ result }) => entriesOf(result));
  // A row of what this machine never had would be dashes.
  const absent = useAbsentFamilies();
  const untold = useUntoldKeys();
  const rows = ROWS.filter(({ family, key }) => !(absent.includes(family) || untold.includes(key)) || loaded.some(({ series, count }) => series === key && count > 0));
  return (
    <section className="table-panel" aria-label="Statistics of all metrics">
      <Scroller className="table-scroll stats-scroll" label="Table of the statistics">
        <table className="stats-page-table">
          <StatsHead groups={groups} />
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row" title={row.label}>
                  <a href={link(formatRoute({ page: 'family', family: row.family, range: { kind: 'live', span: '24h' } }))}>{row.label}</a>
                  {row.share !== null && <span className="coverage">{row.share}</span>}
                </th>
                {groups.map(({ label, result }) => (
                  <StatsCells key={label} row={row} result={result} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <ErrorNote stats={loaded} />
    </section>
  );
}

/** The Statistics page. `range` is the chosen one; it adds columns unless it is one of the fixed ranges. */
export function StatsPage({ range }: { readonly range: RangeChoice }) {
  const { router, live } = useApp();
  const started = useLive((state) => state.time > 0);
  const now = useCallback(() => live.getState().time, [live]);
  const halfDay = useStats(KEYS, { kind: 'live', span: FIXED_SPANS[0] }, started);
  const day = useStats(KEYS, { kind: 'live', span: FIXED_SPANS[1] }, started);
  const week = useStats(KEYS, { kind: 'live', span: FIXED_SPANS[2] }, started);
  const chosen = useStats(KEYS, range, started);
  const begins = useHistoryBegin(started);
  const chosenLabel = range.kind === 'fixed' ? 'Custom' : SPANS[range.span].label;
  const fixed = [halfDay, day, week].map((result, at): ColumnGroup => ({ choice: { kind: 'live', span: FIXED_SPANS[at] ?? '24h' }, label: SPANS[FIXED_SPANS[at] ?? '24h'].label, result }));
  const isExtra = range.kind === 'fixed' || !FIXED_SPANS.some((span) => span === range.span);
  const groups = isExtra ? [{ choice: range, label: chosenLabel, result: chosen }, ...fixed] : fixed;
  const failed = groups.some(({ result }) => result === 'failed');
  return (
    <>
      <PageHead title="Statistics">
        <PageAsOf />
      </PageHead>
      <div className="toolbar stats-toolbar">
        <RangePicker choice={range} now={now} onChoose={(choice) => router.go({ page: 'stats', range: choice })} begins={begins} />
        <p className="time-readout quiet">{isExtra ? `First columns: ${describeRange(range)}` : 'Choose a range to add'}</p>
      </div>
      {failed && (
        <p className="page-empty" role="alert">
          Couldn’t load some statistics.
        </p>
      )}
      {groups.every(({ result }) => result === null) ? <p className="page-empty">{started ? 'Loading…' : 'Collecting the first readings…'}</p> : <AllStatsTable groups={groups} />}
    </>
  );
}
