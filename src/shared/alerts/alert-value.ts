/** The title of an open alert with the value of now, or the last known one where there is none now. Pure. */
import { parseSeriesKey } from '../metrics/index';
import type { DeviceReading, Reading, Snapshot, Value } from '../metrics/reading';
import { toSubject, toTitle, toValue } from './alert-text';
import type { Incident } from './incident';
import type { Rule } from './rule';

/** The last known state of the families. */
type Known = Pick<Snapshot, 'readings' | 'lastKnown'>;

interface Found {
  readonly value: Value;
  /** The last value before it could not be read. */
  readonly last: Value;
}

function partOf(reading: Reading | undefined, device: string | null): Pick<DeviceReading, 'values' | 'fault'> | undefined {
  return device === null ? reading : reading?.devices[device];
}

/** The value of a series; null before its family was read for the first time. */
function find(series: string, { readings, lastKnown }: Known): Found | null {
  const parsed = parseSeriesKey(series);
  if (parsed === null) return null;
  const { family, metric, device } = parsed;
  const [reading, before] = [readings[family], lastKnown[family]?.reading];
  if (reading === undefined && before === undefined) return null;
  const part = partOf(reading, device);
  const last = part?.fault?.last?.values[metric] ?? partOf(before, device)?.values[metric] ?? null;
  return { value: part?.values[metric] ?? null, last };
}

/** The peak so far: that of the incident as last told, or the value of now where it is past that. */
export function peakSoFar(incident: Pick<Incident, 'series' | 'peak'>, rule: Pick<Rule, 'source' | 'direction'> | null, known: Known): number {
  const value = rule?.source === 'value' ? (find(incident.series, known)?.value ?? null) : null;
  if (value === null) return incident.peak;
  return rule?.direction === 'below' ? Math.min(incident.peak, value) : Math.max(incident.peak, value);
}

/** "CPU 97 %"; "Disk space /home: no value now, last 96 %" while it cannot be read. */
export function openAlertTitle(incident: Incident, rule: Pick<Rule, 'source' | 'direction'> | null, known: Known): string {
  const found = rule?.source === 'value' ? find(incident.series, known) : null;
  if (found === null) return toTitle(incident, rule);
  if (found.value !== null) return toTitle(incident, rule, found.value);
  const last = found.last ?? incident.value;
  const subject = toSubject(incident);
  return last === null ? `${subject}: no value now` : `${subject}: no value now, last ${toValue(last, incident, rule)}`;
}
