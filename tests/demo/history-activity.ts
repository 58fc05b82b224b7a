/** What happened in the history of a made-up machine: its nights, its alerts, and the processes of its minutes. */
import type { Store } from '../../src/main/engine/store/store-types';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { toAlertText } from '../../src/shared/alerts/alert-text';
import type { Incident } from '../../src/shared/alerts/incident';
import type { IncidentEventKind } from '../../src/shared/alerts/incident-event';
import { seriesKey } from '../../src/shared/metrics/index';
import type { TopProcess } from '../../src/shared/processes/process-schemas';
import type { EventInput } from '../../src/shared/timeline/event-schemas';
import { isAsleep } from './history-plan';
import type { HistoryPlan } from './history-plan';
import { momentOf } from './tree';
import { livingProcesses } from './tree-processes';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** The store keeps the newest thousand events: older nights and alerts would push each other out. */
const EVENT_DAYS = 60;
const SNAPSHOT_DAYS = 30;
/** Processes in a snapshot. */
const BUSIEST = 6;

type Plan = Pick<HistoryPlan, 'machine' | 'end' | 'zone' | 'days'>;

/** An event with its time. */
type Dated = readonly [number, EventInput];

/** The busiest processes at a time, CPU in percent of one core over the last seconds. */
function busiest({ machine }: Plan, time: number): TopProcess[] {
  const before = new Map(livingProcesses(momentOf(machine, time - 5000)).map(({ pid, seconds }) => [pid, seconds]));
  const rates = livingProcesses(momentOf(machine, time)).map(({ pid, spec, seconds }) => ({ name: spec.name, pid, cpu: 20 * Math.max(0, seconds - (before.get(pid) ?? 0)), memory: spec.memory }));
  return rates.toSorted((a, b) => b.cpu - a.cpu).slice(0, BUSIEST);
}

function incidentOf(plan: Plan, from: number, to: number, peak: number): Incident {
  const rule = DEFAULT_RULES.find(({ id }) => id === 'cpu-usage');
  const severity = peak >= 90 && to - from > 6 * MINUTE ? 'critical' : 'warning';
  const firedAt = from + MINUTE;
  const series = seriesKey('cpu', 'usage');
  return {
    id: `cpu-usage:${series}:${firedAt}`,
    ruleId: 'cpu-usage',
    label: rule?.label ?? 'CPU usage',
    device: null,
    deviceLabel: null,
    series,
    severity,
    worst: severity,
    since: from,
    firedAt,
    clearedAt: to,
    endedBy: 'recovered',
    threshold: severity === 'critical' ? 90 : 70,
    valueAtFire: peak,
    value: 40,
    peak,
    peakAt: firedAt,
    acknowledgedAt: null,
    culprits: busiest(plan, firedAt).slice(0, 3).map(({ name, pid, cpu }) => ({ name, pid, value: Math.round(cpu ?? 0), unit: 'percent' as const })),
  };
}

/** Times of high CPU usage since `begin`: minutes on end in which most of the cores are at work. */
export function incidentsOf(plan: Plan): Incident[] {
  const { machine, end, days } = plan;
  const incidents: Incident[] = [];
  let [from, peak] = [0, 0];
  for (let time = Math.floor((end - days * DAY) / MINUTE) * MINUTE; time < end - 30 * MINUTE; time += MINUTE) {
    const cpu = isAsleep(plan, time) ? 0 : 100 * machine.load.minute(time).cpu;
    if (cpu >= 72) {
      if (from === 0) from = time;
      peak = Math.max(peak, Math.round(10 * cpu) / 10);
    } else if (from !== 0) {
      if (time - from >= 2 * MINUTE) incidents.push(incidentOf(plan, from, time, peak));
      [from, peak] = [0, 0];
    }
  }
  return incidents;
}

function alertEvents(incident: Incident): Dated[] {
  const rule = DEFAULT_RULES.find(({ id }) => id === incident.ruleId);
  if (rule === undefined) return [];
  const event = (kind: IncidentEventKind, type: string, at: number): Dated => {
    const { title, body } = toAlertText({ kind, incident: kind === 'resolved' ? incident : { ...incident, clearedAt: null, endedBy: null, value: incident.peak }, rule, at });
    return [at, { type, severity: kind === 'resolved' ? 'info' : incident.severity, message: `${title}: ${body}`.slice(0, 400), details: { rule: incident.ruleId, series: incident.series } }];
  };
  return [event('fired', 'alert_fired', incident.firedAt), event('resolved', 'alert_resolved', incident.clearedAt ?? incident.firedAt)];
}

/** Nights as the app would have recorded them. */
function nights(plan: Plan): Dated[] {
  const events: Dated[] = [];
  let wasAsleep = false;
  for (let time = plan.end - Math.min(plan.days, EVENT_DAYS) * DAY; time < plan.end; time += 3 * MINUTE) {
    const asleep = isAsleep(plan, time);
    if (asleep !== wasAsleep) events.push([time, asleep ? { type: 'host_slept', message: 'Went to sleep' } : { type: 'host_woke', message: 'Resumed from sleep' }]);
    wasAsleep = asleep;
  }
  return events;
}

/** Writes alerts, events and process snapshots. */
export function writeActivity(plan: HistoryPlan, store: Store): void {
  const { end, days } = plan;
  const begin = end - days * DAY;
  const incidents = incidentsOf(plan);
  for (const incident of incidents) {
    store.activity.putIncident(incident);
    store.activity.putProcessSnapshot({ time: incident.firedAt, incident: incident.id, processes: busiest(plan, incident.firedAt) });
  }
  const since = end - EVENT_DAYS * DAY;
  const start: Dated = [begin, { type: 'monitoring_started', message: 'Monitoring started', details: { version: 'demo' } }];
  const events = [start, ...nights(plan), ...incidents.filter(({ firedAt }) => firedAt >= since).flatMap(alertEvents)];
  for (const [time, { type, severity = 'info', message, details = null }] of events.toSorted(([a], [b]) => a - b).slice(-900)) store.activity.addEvent({ type, severity, message, user: null, details: details === null ? null : { ...details } }, time);
  for (let time = Math.max(begin, end - SNAPSHOT_DAYS * DAY); time < end; time += (end - time < DAY ? 1 : 10) * MINUTE) {
    if (!isAsleep(plan, time)) store.activity.putProcessSnapshot({ time, incident: null, processes: busiest(plan, time) });
  }
}
