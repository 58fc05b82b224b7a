/** What a report says in free text and loose data, checked: nothing of it is trusted. Pure. */
import { batchSchema } from '../../shared/api/schemas';
import type { Incident } from '../../shared/alerts/incident';
import { isFamilyId } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import type { ReportedAbout } from '../../shared/machines/report-schemas';
import { toPlainLine } from '../../shared/plain-text';
import { toPlainName } from '../../shared/sharing/auth-policy';
import { newEventSchema } from '../../shared/timeline/event-schemas';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';

/** Longest text of an incident or of what a machine is, characters. */
const MAX_TEXT = 200;

const line = (text: string): string => Array.from(toPlainLine(text)).slice(0, MAX_TEXT).join('');
const lineOrNull = (text: string | null): string | null => (text === null ? null : line(text));

/** Of an object by family those parts that this version knows and can read. */
function knownFamilies(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([family]) => isFamilyId(family)));
}

/** The live values of a report, with the machine's times moved by `correction` ms; null where there are none that can be read. */
export function liveBatch(live: unknown, correction: number): SampleBatch | null {
  if (typeof live !== 'object' || live === null) return null;
  const { seq, after, time, gap, readings, faults, lastKnown } = live as Readonly<Record<string, unknown>>;
  const known = { seq, time, ...(after === undefined ? {} : { after }), ...(gap === undefined ? {} : { gap }), readings: knownFamilies(readings), faults: knownFamilies(faults), ...(lastKnown === undefined ? {} : { lastKnown: knownFamilies(lastKnown) }) };
  const parsed = batchSchema.safeParse(known);
  return parsed.success ? { ...parsed.data, time: parsed.data.time + correction } : null;
}

/** An event as it is kept; null for one that is not as events are. */
export function checkedEvent({ id, time, ...event }: ActivityEvent, correction: number): ActivityEvent | null {
  const parsed = newEventSchema.safeParse(event);
  return parsed.success && id > 0 ? { id, time: Math.max(0, Math.round(time + correction)), ...parsed.data } : null;
}

/** An incident as it is kept. */
export function checkedIncident(incident: Incident, correction: number): Incident {
  const moved = (time: number): number => time + correction;
  const movedOrNull = (time: number | null): number | null => (time === null ? null : moved(time));
  return {
    ...incident,
    label: line(incident.label),
    deviceLabel: lineOrNull(incident.deviceLabel),
    since: moved(incident.since),
    firedAt: moved(incident.firedAt),
    clearedAt: movedOrNull(incident.clearedAt),
    peakAt: moved(incident.peakAt),
    acknowledgedAt: movedOrNull(incident.acknowledgedAt),
    culprits: incident.culprits.map((culprit) => ({ ...culprit, name: line(culprit.name) })),
  };
}

/** What a machine says that it is. A field that this version does not know is left out; where its files are is its own business. */
export function checkedAbout({ host, rules }: ReportedAbout): ReportedAbout {
  const { hostname, os, kernel, arch, model, cpuModel, cores, memoryTotal, bootTime, appVersion, startTime, environment, runtime } = host;
  return {
    rules,
    host: { hostname: toPlainName(hostname), os: line(os), kernel: line(kernel), arch: line(arch), model: lineOrNull(model), cpuModel: lineOrNull(cpuModel), cores, memoryTotal, bootTime, appVersion: line(appVersion), startTime, environment: line(environment), runtime: line(runtime), databasePath: null },
  };
}
