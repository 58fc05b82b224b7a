/** Which events a family's charts show as annotations, and how events close together share one marker. Pure. */
import { EVENT_SEVERITIES, isOwnEventType } from '../../shared/timeline/event-types';
import type { OwnEventType } from '../../shared/timeline/event-types';
import type { Incident } from '../../shared/alerts/incident';
import type { ActivityEvent, EventSeverity } from '../../shared/timeline/event-schemas';
import { parseSeriesKey } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { seriesOf } from '../lib/event-text';
import { shareOf } from './plot-geometry';
import type { TimeWindow } from '../lib/range';

/** The app's own event types that are annotated. Sleep and pause are not: they are drawn as gaps. Nor are commands of the user. */
const ANNOTATED_TYPES: ReadonlySet<OwnEventType> = new Set<OwnEventType>([
  'clock_stepped',
  'collector_failing',
  'collector_recovered',
  'history_quarantined',
  'history_restored',
  'history_deleted',
  'history_replaced',
  'alert_fired',
  'alert_escalated',
  'alert_deescalated',
  'alert_resolved',
  'container_started',
  'container_stopped',
  'container_died',
  'container_oom',
  'container_unhealthy',
  'container_healthy',
  'container_restarted',
]);

/** Events closer than this share of the plot's width share one marker. */
const MIN_DISTANCE = 1 / 72;

/** One marker and its events, oldest first. */
export interface AnnotationGroup {
  /** Position in the plot, 0–1 from the left. */
  readonly share: number;
  /** Time of the first event with the highest severity, epoch ms. */
  readonly time: number;
  /** The highest of its events. */
  readonly severity: EventSeverity;
  readonly events: readonly ActivityEvent[];
}

/** Whether the charts of a family, or of one of its devices, annotate an event: those of other programs, and what is about their own series. */
export function isAnnotated(event: ActivityEvent, family: FamilyId, device?: string): boolean {
  if (isOwnEventType(event.type) && !ANNOTATED_TYPES.has(event.type)) return false;
  const series = seriesOf(event);
  return series === null ? !event.type.startsWith('alert_') : isOf(series, family, device);
}

function isOf(series: { readonly family: FamilyId; readonly device: string | null }, family: FamilyId, device: string | undefined): boolean {
  return series.family === family && (device === undefined || series.device === device);
}

/** Whether an incident is on one of the series of the family, or of its device. */
export function isOfFamily({ series }: Pick<Incident, 'series'>, family: FamilyId, device?: string): boolean {
  const parsed = parseSeriesKey(series);
  return parsed !== null && isOf(parsed, family, device);
}

function mostSevere(events: readonly ActivityEvent[]): EventSeverity {
  return EVENT_SEVERITIES.toReversed().find((severity) => events.some((event) => event.severity === severity)) ?? 'info';
}

/** The markers of a window, oldest first. */
export function groupAnnotations(events: readonly ActivityEvent[], window: TimeWindow): readonly AnnotationGroup[] {
  const groups: ActivityEvent[][] = [];
  let first = -1;
  for (const event of events.filter(({ time }) => time >= window.from && time <= window.to).toSorted((a, b) => a.time - b.time)) {
    const share = shareOf(event.time, window);
    if (groups.length > 0 && share - first < MIN_DISTANCE) groups.at(-1)?.push(event);
    else {
      groups.push([event]);
      first = share;
    }
  }
  return groups.map((group) => {
    const severity = mostSevere(group);
    // The marker is at the time of the event that gave it its severity.
    const time = group.find((event) => event.severity === severity)?.time ?? 0;
    return { share: shareOf(time, window), time, severity, events: group };
  });
}
