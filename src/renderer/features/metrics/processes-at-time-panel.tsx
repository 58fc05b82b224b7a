/** Panel of a metric page with the processes at a time, and the list of the annotations of the range. */
import { useId } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { ProcessMeasure } from '../../../shared/metrics/define';
import type { FamilyId } from '../../../shared/metrics/index';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { formatClock, formatDateTime } from '../../lib/range';
import type { TimeWindow } from '../../lib/range';
import { useLink } from '../../app/app-context';
import { formatRoute } from '../../lib/route';
import { ALL_EVENTS } from '../../lib/timeline-filter';
import { useProcessSnapshot } from './use-annotations';
import type { SnapshotResult } from './use-annotations';
import { cellOf, columnsOf, measureOf, sortedBy, toPrograms } from '../../../shared/processes/snapshot-programs';
import type { ProgramRow } from '../../../shared/processes/snapshot-programs';
import { EventIcon } from '../../ui/event-icon';
import { Heading } from '../../ui/heading';
import { Scroller, useScrolls } from '../../ui/scroller';
import { Value } from '../../ui/value';

/** Snapshots are taken each minute; one further away than this says nothing about the time, ms. */
const MAX_DISTANCE = 90_000;
/** Ranges longer than this show times with their date, ms. */
const DAY = 86_400_000;
/** Interval of queries while a nearer snapshot may still be taken, ms. */
const REFRESH_INTERVAL = 15_000;
/** Rows of the table and of the list. */
const MAX = { processes: 10, annotations: 30 } as const;

interface ProcessesAtTimePanelProps {
  readonly family: FamilyId;
  /** The time that was picked, epoch ms; null for none. */
  readonly at: number | null;
  readonly window: TimeWindow;
  readonly step: number;
  /** Latest first. */
  readonly events: readonly ActivityEvent[];
  readonly incidents: readonly Incident[];
  readonly onPick: (time: number) => void;
  readonly onClose: () => void;
}

const MEASURE_LABELS = { cpu: 'CPU', memory: 'Memory', disk: 'Disk I/O' } as const satisfies Record<ProcessMeasure, string>;
/** What the values of a measure are of, where that is not plain. */
const MEASURE_BASES: Readonly<Partial<Record<ProcessMeasure, string>>> = { cpu: 'of one core' };

/** A program with what it used; the number of its processes where it has several. */
function ProgramTableRow({ row, columns }: { readonly row: ProgramRow; readonly columns: readonly ProcessMeasure[] }) {
  const { name, pids } = row;
  return (
    <tr>
      <th scope="row">
        <span className="device-label" title={name}>
          {name}
        </span>
      </th>
      <td className="time-panel-pid">{pids.length === 1 ? pids[0] : `${pids.length} processes`}</td>
      {columns.map((column) => {
        const { value, unit, isMost } = cellOf(row, column);
        return (
          <td key={column} title={isMost ? 'Memory that the processes share counts several times.' : undefined}>
            {isMost && <span className="quiet">≤ </span>}
            <Value value={value} unit={unit} />
          </td>
        );
      })}
    </tr>
  );
}

function SnapshotTable({ result, at, family, incidents }: { readonly result: SnapshotResult; readonly at: number } & Pick<ProcessesAtTimePanelProps, 'family' | 'incidents'>) {
  if (result === null) return <p className="time-panel-note">Loading…</p>;
  if ('failure' in result) {
    return (
      <p className="time-panel-note" role="alert">
        Couldn’t load processes: {result.failure}
      </p>
    );
  }
  const { snapshot } = result;
  if (snapshot === null) return <p className="time-panel-note">No process snapshot near this time. Snapshots are kept for 30 days.</p>;
  const measure = measureOf(family);
  const programs = toPrograms(snapshot, measure, incidents);
  const sorted = sortedBy(programs, measure);
  const columns = columnsOf(sorted);
  return (
    <Scroller className="table-scroll" label="Table of processes">
      <table>
        <thead>
          <tr>
            <th scope="col">
              Process <span className="snapshot-time">snapshot {formatClock(snapshot.time)}</span>
            </th>
            <th scope="col" className="time-panel-pid">
              PID
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" {...(column === sorted ? { 'aria-sort': 'descending' } : {})}>
                {MEASURE_LABELS[column]}
                {MEASURE_BASES[column] !== undefined && <span className="snapshot-time quiet"> {MEASURE_BASES[column]}</span>}
                {column === sorted && <span aria-hidden="true"> ▾</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {programs.slice(0, MAX.processes).map((row) => (
            <ProgramTableRow key={row.name} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
      {snapshot.processes.length === 0 && <p className="time-panel-note">No busy processes at {formatClock(at)}.</p>}
    </Scroller>
  );
}

interface AnnotationEntry {
  readonly key: string;
  readonly time: number;
  readonly severity: ActivityEvent['severity'];
  readonly message: string;
}

/** Events, and incidents without an event in the list, latest first. */
function annotationsIn({ events, incidents, window }: Pick<ProcessesAtTimePanelProps, 'events' | 'incidents' | 'window'>): readonly AnnotationEntry[] {
  const withEvent = new Set(events.map(({ details }) => details?.['incident']));
  const others = incidents
    .filter(({ id }) => !withEvent.has(id))
    .map(({ id, firedAt, worst, label, deviceLabel }) => ({ key: id, time: firedAt, severity: worst, message: deviceLabel === null ? label : `${label}, ${deviceLabel}` }));
  const all = [...events.map(({ id, time, severity, message }) => ({ key: String(id), time, severity, message })), ...others];
  return all.filter(({ time }) => time >= window.from && time <= window.to).toSorted((a, b) => b.time - a.time);
}

/** The annotations of the range; a click on one picks its time. */
function AnnotationList({ annotations, at, window, onPick }: Pick<ProcessesAtTimePanelProps, 'window' | 'onPick'> & { readonly annotations: readonly AnnotationEntry[]; readonly at: number | null }) {
  const { from, to } = window;
  const formatTime = to - from > DAY ? formatDateTime : formatClock;
  const link = useLink();
  const timeline = formatRoute({ page: 'timeline', filter: { ...ALL_EVENTS, range: { kind: 'fixed', from: Math.floor(from), to: Math.ceil(to), span: '24h' } } });
  return (
    <div className="annotation-list">
      <ul>
        {annotations.slice(0, MAX.annotations).map(({ key, time, severity, message }) => (
          <li key={key}>
            <button type="button" aria-pressed={time === at} onClick={() => onPick(time)} title={message}>
              <EventIcon severity={severity} />
              <time dateTime={new Date(time).toISOString()}>{formatTime(time)}</time>
              <span>{message}</span>
            </button>
          </li>
        ))}
      </ul>
      <a href={link(timeline)}>View in timeline</a>
    </div>
  );
}

/**
 * The processes at the time that was picked, otherwise at the latest incident of the range. While a time is picked the panel
 * stays visible when the page is scrolled.
 */
export function ProcessesAtTimePanel({ family, at, window, step, events, incidents, onPick, onClose }: ProcessesAtTimePanelProps) {
  const title = useId();
  const { ref, scrolls } = useScrolls();
  const latest = incidents.find(({ firedAt }) => firedAt >= window.from && firedAt <= window.to)?.firedAt ?? null;
  const time = at ?? latest;
  const annotations = annotationsIn({ events, incidents, window });
  // For a recent time a nearer snapshot may still be taken; that of an incident is taken shortly after it.
  const revision = time === null ? 0 : Math.floor(Math.min(window.to, time + MAX_DISTANCE) / REFRESH_INTERVAL);
  const result = useProcessSnapshot(time, Math.max(MAX_DISTANCE, step), revision);
  if (time === null && annotations.length === 0) return null;
  return (
    <section ref={ref} className="table-panel time-panel" aria-labelledby={title} data-picked={at !== null} {...(scrolls ? { tabIndex: 0 } : {})}>
      <div className="panel-head">
        <Heading id={title}>{time === null ? 'Events in this range' : `Processes at ${formatClock(time)}`}</Heading>
        {time !== null && <span className="quiet time-panel-day">{formatDateTime(time).slice(0, 10)}</span>}
        {at !== null && (
          <button type="button" className="plain" onClick={onClose} title="Esc">
            Close
          </button>
        )}
      </div>
      <div className="time-panel-body">
        {time !== null && <SnapshotTable result={result} at={time} {...{ family, incidents }} />}
        {annotations.length > 0 && <AnnotationList {...{ annotations, at, window, onPick }} />}
      </div>
    </section>
  );
}
