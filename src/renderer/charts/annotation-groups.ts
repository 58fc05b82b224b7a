/** Which events are marked on a family's charts, and how those that lie close together become one mark. Pure. */
import { EVENT_SEVERITIES, isOwnEventType } from '../../shared/timeline/event-types';
import type { OwnEventType } from '../../shared/timeline/event-types';
import type { Incident } from '../../shared/alerts/incident';
import type { ActivityEvent, EventSeverity } from '../../shared/timeline/event-schemas';
import { parseSeriesKey } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { seriesOf } from '../lib/event-text';
import { shareOf } from './plot-geometry';
import type { TimeWindow } from '../lib/range';

/** Of the app's own types those that are worth a mark: sleeps and pauses are bands already, and clicks change nothing. */
const MARKED: ReadonlySet<OwnEventType> = new Set<OwnEventType>([
  'clock_stepped',
  'collector_failing',
  'collector_recovered',
  'history_quarantined',
  'history_restored',
  'history_replaced',
  'alert_fired',
  'alert_escalated',
  'alert_deescalated',
  'alert_resolved',
]);

/** Marks nearer than this share of the plot become one. */
const APART = 1 / 72;

/** One mark, and the events it stands for, oldest first. */
export interface AnnotationGroup {
  /** Place in the plot, 0–1 from the left. */
  readonly share: number;
  readonly time: number;
  /** That of the gravest. */
  readonly severity: EventSeverity;
  readonly events: readonly ActivityEvent[];
}

/** True for an event that a chart of the family shows: what other programs report, and alerts of its own series. */
export function isAnnotated(event: ActivityEvent, family: FamilyId): boolean {
  if (isOwnEventType(event.type) && !MARKED.has(event.type)) return false;
  const series = seriesOf(event);
  return series === null ? !event.type.startsWith('alert_') : series.family === family;
}

/** True for an incident of one of the family's series. */
export function isOfFamily({ series }: Pick<Incident, 'series'>, family: FamilyId): boolean {
  return parseSeriesKey(series)?.family === family;
}

function gravest(events: readonly ActivityEvent[]): EventSeverity {
  return EVENT_SEVERITIES.toReversed().find((severity) => events.some((event) => event.severity === severity)) ?? 'info';
}

/** The marks of a window. */
export function groupAnnotations(events: readonly ActivityEvent[], window: TimeWindow): readonly AnnotationGroup[] {
  const groups: ActivityEvent[][] = [];
  let first = -1;
  for (const event of events.filter(({ time }) => time >= window.from && time <= window.to).toSorted((a, b) => a.time - b.time)) {
    const share = shareOf(event.time, window);
    if (groups.length > 0 && share - first < APART) groups.at(-1)?.push(event);
    else {
      groups.push([event]);
      first = share;
    }
  }
  return groups.map((group) => {
    const severity = gravest(group);
    // The mark stands at the time of what made it so grave.
    const time = group.find((event) => event.severity === severity)?.time ?? 0;
    return { share: shareOf(time, window), time, severity, events: group };
  });
}
