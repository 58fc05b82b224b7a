/** From decisions to notifications: gathered for a moment, then shown one by one or as one. */
import { toGroupResolvedText, toGroupText } from '../../shared/alerts/alert-text';
import type { NewEvent } from '../../shared/timeline/event-schemas';
import type { Clock, Timers } from '../engine/clock';
import type { Outcome } from '../engine/alerts/grouping';
import { heldBackBy } from '../engine/alerts/policy';
import type { Announcement, Hour, IncidentAnnouncement } from '../engine/alerts/policy';
import { createGatherer } from './notification-batcher';
import type { DeskMemory } from './alert-state-store';
import { toGroupedEvent, toSuppressedEvent } from './alert-timeline-events';

/** Shows notifications; under one key there is one. */
export interface Notifier {
  show(announcement: Announcement): void;
  /** Takes a notification away; nothing happens where there is none. */
  close(key: string): void;
}

/** The keys of the summaries. */
export const STORM_KEY = 'storm';
export const CALM_KEY = 'calm';

/** What the announcer needs. */
export interface AnnouncerParts {
  readonly clock: Pick<Clock, 'mono'>;
  readonly timers: Timers;
  readonly notifier: Notifier;
  readonly memory: DeskMemory;
  readonly doNotDisturb: () => Promise<boolean>;
  readonly hour: (doNotDisturb: boolean) => Hour;
  /** False once an incident has ended. */
  readonly isOpen: (incidentId: string) => boolean;
  /** Something may only be told later. */
  readonly onMissed: (announcement: IncidentAnnouncement) => void;
  readonly record: (event: NewEvent) => void;
  readonly onError: (error: unknown) => void;
}

/** Announces. */
export interface Announcer {
  announce(announcement: IncidentAnnouncement): void;
  /** Takes back what is not shown yet, and takes away what is. The announcement that was not shown yet, or null. */
  retract(incidentId: string): IncidentAnnouncement | null;
  stop(): void;
}

type Due = Outcome<IncidentAnnouncement>;

/** Parts due into those this hour lets through and those it holds back, which are noted with the reason. */
async function sift(parts: AnnouncerParts, due: readonly IncidentAnnouncement[]): Promise<IncidentAnnouncement[]> {
  const hour = parts.hour(await parts.doNotDisturb());
  return due.filter((announcement) => {
    const { incident, kind, title } = announcement;
    const reason = heldBackBy(kind === 'recovery' ? incident.worst : incident.severity, hour);
    if (reason === null) return true;
    if (kind === 'alert' && parts.isOpen(incident.id)) {
      parts.memory.tell(incident.id, { decided: true });
      parts.onMissed(announcement);
    }
    const event = toSuppressedEvent(title, incident, reason);
    if (event !== null) parts.record(event);
    return false;
  });
}

function toStorm(items: readonly IncidentAnnouncement[]): Announcement {
  const listed = items.map(({ title, incident }) => ({ title, severity: incident.severity, clearedAt: null }));
  const severity = listed.some((each) => each.severity === 'critical') ? 'critical' : 'warning';
  return { key: STORM_KEY, kind: 'summary', severity, ...toGroupText(listed), incident: null };
}

function toCalm(items: readonly IncidentAnnouncement[]): Announcement {
  return { key: CALM_KEY, kind: 'summary', severity: 'info', ...toGroupResolvedText(items.map(({ title }) => title)), incident: null };
}

/** Makes the announcer. */
export function createAnnouncer(parts: AnnouncerParts): Announcer {
  const { clock, timers, notifier, memory, isOpen } = parts;
  const inStorm = new Set<string>();
  let chain = Promise.resolve();
  const queued = (work: (due: Due) => Promise<void>) => (due: Due): void => {
    chain = chain.then(() => work(due)).catch(parts.onError);
  };

  const showStorm = (due: Extract<Due, { kind: 'summary' }>, fresh: readonly IncidentAnnouncement[]): void => {
    const keys = new Set(fresh.map(({ key }) => key));
    const items = due.items.filter(({ key }) => isOpen(key) && (keys.has(key) || !due.fresh.some((other) => other.key === key)));
    for (const { key } of items) {
      notifier.close(key);
      inStorm.add(key);
    }
    notifier.show(toStorm(items));
    parts.record(toGroupedEvent(fresh.map(({ incident }) => incident)));
  };

  const showAlerts = async (due: Due): Promise<void> => {
    const sifted = await sift(parts, due.kind === 'single' ? due.items : due.fresh);
    // Asking takes a moment, in which one may have ended.
    const fresh = sifted.filter(({ key }) => isOpen(key));
    for (const { key } of fresh) memory.tell(key, { decided: true, announced: true });
    if (fresh.length === 0) return;
    if (due.kind === 'summary' && due.items.length > 1) showStorm(due, fresh);
    else fresh.forEach((announcement) => notifier.show(announcement));
  };

  const showRecoveries = async (due: Due): Promise<void> => {
    const fresh = await sift(parts, due.kind === 'single' ? due.items : due.fresh);
    if (due.kind === 'single') {
      fresh.forEach((announcement) => notifier.show(announcement));
    } else if (fresh.length > 0) {
      due.replaced.forEach(({ key }) => notifier.close(key));
      notifier.show(toCalm(due.items.filter((item) => fresh.includes(item) || !due.fresh.includes(item))));
    }
  };

  const alerts = createGatherer<IncidentAnnouncement>(clock, timers, queued(showAlerts));
  const recoveries = createGatherer<IncidentAnnouncement>(clock, timers, queued(showRecoveries));
  return {
    announce: (announcement) => (announcement.kind === 'recovery' ? recoveries : alerts).join(announcement),
    retract(incidentId) {
      const waiting = alerts.withdraw(incidentId);
      notifier.close(incidentId);
      if (inStorm.delete(incidentId) && inStorm.size === 0) notifier.close(STORM_KEY);
      return waiting;
    },
    stop() {
      alerts.stop();
      recoveries.stop();
    },
  };
}
