import { useId } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { formatClock, formatMoment } from '../../lib/range';
import type { TimeWindow } from '../../lib/range';
import { formatRoute } from '../../lib/route';
import { ALL_EVENTS } from '../../lib/timeline-filter';
import { useProcessSnapshot } from './use-annotations';
import type { SnapshotResult } from './use-annotations';
import { EventIcon } from '../../ui/event-icon';
import { Scroller, useScrolls } from '../../ui/scroller';
import { Value } from '../../ui/value';

/** A look is taken each minute; one this much further away, ms, tells nothing of the moment any more. */
const REACH = 90_000;
/** In longer ranges a time needs its day. */
const DAY = 86_400_000;
/** Looked for again so often while a nearer one may come, ms. */
const ASK_AGAIN = 15_000;
/** Rows and events shown. */
const MAX = { processes: 10, annotations: 30 } as const;

interface ProcessesAtTimePanelProps {
  /** The moment that was picked; null where none was. */
  readonly at: number | null;
  readonly window: TimeWindow;
  readonly step: number;
  /** The latest first. */
  readonly events: readonly ActivityEvent[];
  readonly incidents: readonly Incident[];
  readonly onPick: (time: number) => void;
  readonly onClose: () => void;
}

function Processes({ answer, at }: { readonly answer: SnapshotResult; readonly at: number }) {
  if (answer === null) return <p className="moment-note">Looking…</p>;
  if ('failure' in answer) {
    return (
      <p className="moment-note" role="alert">
        What ran then could not be read: {answer.failure}
      </p>
    );
  }
  const { look } = answer;
  if (look === null) return <p className="moment-note">Nothing was kept of the processes near this time. Ordinary minutes are kept for 30 days.</p>;
  return (
    <Scroller className="table-scroll" label="Table of processes">
      <table>
        <thead>
          <tr>
            <th scope="col">
              Process <span className="moment-seen">as seen at {formatClock(look.time)}</span>
            </th>
            <th scope="col" className="moment-pid">
              PID
            </th>
            <th scope="col">CPU</th>
            <th scope="col">Memory</th>
          </tr>
        </thead>
        <tbody>
          {look.processes.slice(0, MAX.processes).map(({ pid, name, cpu, memory }) => (
            <tr key={`${pid} ${name}`}>
              <th scope="row">
                <span className="device-label" title={name}>
                  {name}
                </span>
              </th>
              <td className="moment-pid">{pid}</td>
              <td>
                <Value value={cpu} unit="percent" />
              </td>
              <td>
                <Value value={memory} unit="bytes" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {look.processes.length === 0 && <p className="moment-note">No process stood out at {formatClock(at)}.</p>}
    </Scroller>
  );
}

interface Moment {
  readonly key: string;
  readonly time: number;
  readonly severity: ActivityEvent['severity'];
  readonly message: string;
}

/** Events, and incidents no event in the list tells of, the latest first. */
function annotationsIn({ events, incidents, window }: Pick<ProcessesAtTimePanelProps, 'events' | 'incidents' | 'window'>): readonly Moment[] {
  const status = new Set(events.map(({ details }) => details?.['incident']));
  const own = incidents
    .filter(({ id }) => !status.has(id))
    .map(({ id, firedAt, worst, label, deviceLabel }) => ({ key: id, time: firedAt, severity: worst, message: deviceLabel === null ? label : `${label}, ${deviceLabel}` }));
  const all = [...events.map(({ id, time, severity, message }) => ({ key: String(id), time, severity, message })), ...own];
  return all.filter(({ time }) => time >= window.from && time <= window.to).toSorted((a, b) => b.time - a.time);
}

/** What happened in the range; each leads to what ran then. */
function AnnotationList({ annotations, at, window, onPick }: Pick<ProcessesAtTimePanelProps, 'window' | 'onPick'> & { readonly annotations: readonly Moment[]; readonly at: number | null }) {
  const { from, to } = window;
  const word = to - from > DAY ? formatMoment : formatClock;
  const all = formatRoute({ page: 'timeline', filter: { ...ALL_EVENTS, range: { kind: 'fixed', from: Math.floor(from), to: Math.ceil(to), span: '24h' } } });
  return (
    <div className="moment-list">
      <ul>
        {annotations.slice(0, MAX.annotations).map(({ key, time, severity, message }) => (
          <li key={key}>
            <button type="button" aria-pressed={time === at} onClick={() => onPick(time)} title={message}>
              <EventIcon severity={severity} />
              <time dateTime={new Date(time).toISOString()}>{word(time)}</time>
              <span>{message}</span>
            </button>
          </li>
        ))}
      </ul>
      <a href={all}>All events of this range</a>
    </div>
  );
}

/**
 * What ran at the moment that was picked, else at the latest incident of the range. A picked moment stays in sight while
 * the charts above are scrolled.
 */
export function ProcessesAtTimePanel({ at, window, step, events, incidents, onPick, onClose }: ProcessesAtTimePanelProps) {
  const title = useId();
  const { ref, scrolls } = useScrolls();
  const latest = incidents.find(({ firedAt }) => firedAt >= window.from && firedAt <= window.to)?.firedAt ?? null;
  const moment = at ?? latest;
  const annotations = annotationsIn({ events, incidents, window });
  // Of a moment just past a nearer look may still come, and that of an incident comes a little after it.
  const seen = moment === null ? 0 : Math.floor(Math.min(window.to, moment + REACH) / ASK_AGAIN);
  const answer = useProcessSnapshot(moment, Math.max(REACH, step), seen);
  if (moment === null && annotations.length === 0) return null;
  return (
    <section ref={ref} className="table-panel moment-panel" aria-labelledby={title} data-picked={at !== null} {...(scrolls ? { tabIndex: 0 } : {})}>
      <div className="panel-head">
        <h2 id={title}>{moment === null ? 'What happened in this range' : `What ran at ${formatClock(moment)}`}</h2>
        {moment !== null && <span className="quiet moment-day">{formatMoment(moment).slice(0, 10)}</span>}
        {at !== null && (
          <button type="button" className="plain" onClick={onClose} title="Esc">
            Close
          </button>
        )}
      </div>
      <div className="moment-body">
        {moment !== null && <Processes answer={answer} at={moment} />}
        {annotations.length > 0 && <AnnotationList {...{ annotations, at, window, onPick }} />}
      </div>
    </section>
  );
}
