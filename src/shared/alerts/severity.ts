/**
 * How bad it is: the one place that says so. The word of a series, a device, a family and the machine is that of their open
 * incidents; tray, window, browsers, REST and the status document take it from here, so that they cannot contradict each
 * other. Thresholds of descriptors judge nothing. See decision 16. Pure, and called on each tick, so it is fast.
 */
import type { Thresholds } from '../metrics/define';
import { familyOf, parseSeriesKey, seriesKey } from '../metrics/index';
import type { FamilyId, SeriesKey } from '../metrics/index';
import type { DeviceReading, Reading, Snapshot } from '../metrics/reading';
import { worse } from '../metrics/severity';
import type { Severity } from '../metrics/severity';
import { ruleCovers } from './every-device';
import type { Incident } from './incident';
import type { IncidentSeverity, Rule } from './rule';

/** An open incident as far as its severity matters. */
export type OpenIncident = Pick<Incident, 'series' | 'severity' | 'acknowledgedAt'>;

/** The word for something, and the mark beside it. */
export interface Health {
  /** Of every open incident, acknowledged or not; healthy with a value and none, unknown without a value. */
  readonly severity: Severity;
  /** That of the incidents that are not acknowledged: it colors the mark, which is quiet where it is healthy. */
  readonly mark: Severity;
}

/** What is known of the machine; while paused nothing is. */
export type MachineReadings = Pick<Snapshot, 'readings' | 'paused'>;

const UNKNOWN: Health = { severity: 'unknown', mark: 'unknown' };
const HEALTHY: Health = { severity: 'healthy', mark: 'healthy' };
/** One object for each health, so that a view can tell by identity that nothing changed. */
const RAISED: readonly Health[] = (['warning', 'critical'] as const).flatMap((severity) => (['healthy', 'warning', 'critical'] as const).map((mark) => ({ severity, mark })));

/** The health of what has these open incidents. */
export function healthOf(open: Iterable<Pick<OpenIncident, 'severity' | 'acknowledgedAt'>>, hasValue: boolean): Health {
  let severity: Severity = 'healthy';
  let mark: Severity = 'healthy';
  for (const incident of open) {
    severity = worse(severity, incident.severity);
    if (incident.acknowledgedAt === null) mark = worse(mark, incident.severity);
  }
  if (severity === 'healthy') return hasValue ? HEALTHY : UNKNOWN;
  return RAISED.find((health) => health.severity === severity && health.mark === mark) ?? { severity, mark };
}

function hasAny(values: Reading['values']): boolean {
  for (const metric in values) if (typeof values[metric] === 'number') return true;
  return false;
}

function hasValue(reading: Reading | undefined): boolean {
  if (reading === undefined) return false;
  if (hasAny(reading.values)) return true;
  for (const id in reading.devices) if (hasAny(reading.devices[id]?.values ?? {})) return true;
  return false;
}

/** The health of one series. `value` is its current one. */
export function seriesHealth(series: SeriesKey, open: readonly OpenIncident[], value: number | null): Health {
  return healthOf(open.filter((incident) => incident.series === series), value !== null);
}

/** The health of a device: of all its series. Undefined: it is not there. */
export function deviceHealth(family: FamilyId, id: string, device: Pick<DeviceReading, 'values'> | undefined, open: readonly OpenIncident[]): Health {
  const own = open.filter(({ series }) => {
    const parsed = parseSeriesKey(series);
    return parsed !== null && parsed.family === family && parsed.device === id;
  });
  return healthOf(own, device !== undefined && hasAny(device.values));
}

/** The health of some families and their devices together. */
export function familiesHealth(families: readonly FamilyId[], { readings, paused }: MachineReadings, open: readonly OpenIncident[]): Health {
  if (paused) return UNKNOWN;
  const isOfThem = (series: SeriesKey): boolean => {
    const parsed = parseSeriesKey(series);
    return parsed !== null && families.includes(parsed.family);
  };
  return healthOf(
    open.filter(({ series }) => isOfThem(series)),
    families.some((family) => hasValue(readings[family])),
  );
}

/** The health of a family and its devices. */
export function familyHealth(family: FamilyId, machine: MachineReadings, open: readonly OpenIncident[]): Health {
  return familiesHealth([family], machine, open);
}

/** The health of the machine. */
export function machineHealth({ readings, paused }: MachineReadings, open: Iterable<Pick<OpenIncident, 'severity' | 'acknowledgedAt'>>): Health {
  if (paused) return UNKNOWN;
  return healthOf(open, Object.values(readings).some(hasValue));
}

/** Order of open incidents wherever they are listed: the worst first, then those not acknowledged, then the latest. */
export function byUrgency(a: Pick<Incident, 'severity' | 'acknowledgedAt' | 'firedAt'>, b: Pick<Incident, 'severity' | 'acknowledgedAt' | 'firedAt'>): number {
  const rank = ({ severity, acknowledgedAt }: typeof a): number => (severity === 'critical' ? 0 : 2) + (acknowledgedAt === null ? 0 : 1);
  return rank(a) - rank(b) || b.firedAt - a.firedAt;
}

/** A threshold of a series: from it on, in its direction, a level of its rule counts. */
export interface RuleThreshold {
  readonly severity: IncidentSeverity;
  /** In the metric's unit. */
  readonly at: number;
  readonly direction: Rule['direction'];
}

/** What rules ask of a device: the limits it reports, and whether it is a removable or read-only medium. */
export type RuledDevice = Pick<DeviceReading, 'limits' | 'media'>;

/** The enabled rules that judge the value of a series: those for this very device, and those for every device. */
function rulesOn(rules: readonly Rule[], series: NonNullable<ReturnType<typeof parseSeriesKey>>, known: RuledDevice | undefined): readonly Rule[] {
  const { family, metric, device } = series;
  return rules.filter((rule) => rule.enabled && rule.source === 'value' && rule.family === family && rule.metric === metric && ruleCovers(rule, device) && !(rule.exceptMedia && known?.media !== undefined));
}

function toThreshold(rule: Rule, severity: IncidentSeverity, limits: Thresholds | undefined): RuleThreshold | null {
  const level = rule[severity];
  const at = level === null ? null : ((rule.useDeviceLimits ? limits?.[severity] : undefined) ?? level.threshold);
  return at === null ? null : { severity, at, direction: rule.direction };
}

const SEVERITIES: readonly IncidentSeverity[] = ['warning', 'critical'];

/**
 * The thresholds that judge a series, by its rules; empty without one. Of several rules the threshold that a value passes
 * first counts, for each severity and direction. `device` is what is known of the device; undefined for none, and for a series
 * of the machine.
 */
export function thresholdsOf(rules: readonly Rule[], series: SeriesKey, device: RuledDevice | undefined): readonly RuleThreshold[] {
  const parsed = parseSeriesKey(series);
  if (parsed === null) return [];
  const found = new Map<string, RuleThreshold>();
  for (const rule of rulesOn(rules, parsed, device)) {
    for (const severity of SEVERITIES) {
      const threshold = toThreshold(rule, severity, device?.limits);
      if (threshold === null) continue;
      const key = `${severity} ${threshold.direction}`;
      const other = found.get(key);
      const isFirst = other === undefined || (threshold.direction === 'above' ? threshold.at < other.at : threshold.at > other.at);
      if (isFirst) found.set(key, threshold);
    }
  }
  return [...found.values()];
}

/** The device of a series; undefined for one that is not there, and for a series of the machine. */
export function deviceOf(readings: Snapshot['readings'], series: SeriesKey): RuledDevice | undefined {
  const parsed = parseSeriesKey(series);
  return parsed === null || parsed.device === null ? undefined : readings[parsed.family]?.devices[parsed.device];
}

/** The threshold from which time counts as past the warning; null where no rule warns. A rule in each direction: the upper one. */
export function warningOf(thresholds: readonly RuleThreshold[]): RuleThreshold | null {
  const warnings = thresholds.filter(({ severity }) => severity === 'warning');
  return warnings.find(({ direction }) => direction === 'above') ?? warnings[0] ?? null;
}

/** Whether any rule judges the family as it is on this machine; without one there is no word for it. */
export function isJudged(family: FamilyId, reading: Reading | undefined, rules: readonly Rule[]): boolean {
  const { metrics, device } = familyOf(family);
  const active = rules.filter((rule) => rule.enabled && rule.family === family);
  if (active.length === 0) return false;
  if (active.some(({ source }) => source === 'timeToFull')) return true;
  if (Object.keys(metrics).some((metric) => thresholdsOf(active, seriesKey(family, metric), undefined).length > 0)) return true;
  const devices = Object.entries(reading?.devices ?? {});
  return devices.some(([id, one]) => Object.keys(device.metrics).some((metric) => thresholdsOf(active, seriesKey(family, metric, id), one).length > 0));
}
