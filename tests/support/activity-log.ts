/** Support for tests of the activity log: events, incidents and process snapshots to write. */
import type { Incident } from '../../src/shared/alerts/incident';
import { newEventSchema } from '../../src/shared/timeline/event-schemas';
import type { EventInput, EventsQuery, NewEvent } from '../../src/shared/timeline/event-schemas';
import type { TopProcesses } from '../../src/shared/processes/process-schemas';
import type { Store } from '../../src/main/engine/store/store-types';
import { NOON } from './store';

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** An event with this message. */
export function anEvent(message: string, more: Partial<EventInput> = {}): NewEvent {
  return newEventSchema.parse({ type: 'note', message, ...more });
}

/** The messages of the events a query finds, newest first. */
export function messages(store: Store, query: Partial<EventsQuery> = {}): readonly string[] {
  return store.activity.events({ limit: 500, ...query }).events.map(({ message }) => message);
}

/** An open warning of the rule `cpu-usage` that fired at noon. */
export function anIncident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    ruleId: 'cpu-usage',
    label: 'CPU usage',
    device: null,
    deviceLabel: null,
    series: 'cpu.usage',
    severity: 'warning',
    worst: 'warning',
    since: NOON - MINUTE,
    firedAt: NOON,
    clearedAt: null,
    endedBy: null,
    threshold: 70,
    valueAtFire: 80,
    value: 81,
    peak: 90,
    peakAt: NOON,
    acknowledgedAt: null,
    culprits: [{ name: 'stress-ng', pid: 7, value: 310, unit: 'percent' }],
    ...more,
  };
}

/** A snapshot of ten processes, `minute` minutes after noon, different in each minute. */
export function aSnapshot(minute: number, incident: string | null = null): TopProcesses {
  const processes = Array.from({ length: 10 }, (_, n) => ({
    name: ['chrome', 'code', 'Web Content', 'Xorg', 'stress-ng) (', 'é🚀'][(n + minute) % 6] ?? '',
    pid: 1000 + n,
    cpu: n === 9 ? null : ((minute * 7919 + n * 104_729) % 1000) / 10,
    memory: n === 8 ? null : 65_536 * (100 * (n + 1) + ((minute * 31 * (n + 1)) % 50)),
  }));
  return { time: NOON + minute * MINUTE, incident, processes };
}
