/** Worst severity of a device, a family or the machine, from thresholds and device limits. Called on each tick, so it is fast. */
import type { MetricSet, Thresholds } from './define';
import { FAMILY_IDS, familyOf } from './index';
import type { FamilyId } from './index';
import type { DeviceReading, Reading, Snapshot } from './reading';
import { severityOf, worse } from './severity';
import type { Severity } from './severity';

interface Level {
  readonly metric: string;
  readonly thresholds: Thresholds;
}

interface FamilyLevels {
  readonly ofMachine: readonly Level[];
  readonly ofDevices: readonly Level[];
  readonly deviceMetrics: readonly string[];
}

function levelsOf(metrics: MetricSet): Level[] {
  return Object.entries(metrics).flatMap(([metric, { thresholds }]) => (thresholds === undefined ? [] : [{ metric, thresholds }]));
}

/** The metrics with thresholds, by family; computed once. */
const LEVELS: ReadonlyMap<FamilyId, FamilyLevels> = new Map(
  FAMILY_IDS.map((id) => {
    const { metrics, device } = familyOf(id);
    return [id, { ofMachine: levelsOf(metrics), ofDevices: levelsOf(device.metrics), deviceMetrics: Object.keys(device.metrics) }];
  }),
);

function worstAt(values: Reading['values'], levels: readonly Level[], worst: Severity): Severity {
  for (const { metric, thresholds } of levels) worst = worse(worst, severityOf(values[metric] ?? null, thresholds));
  return worst;
}

/** Device limits, where reported, replace the thresholds of the metrics. */
function worstOfDevice({ values, limits }: DeviceReading, { ofDevices, deviceMetrics }: FamilyLevels, worst: Severity): Severity {
  if (limits === undefined) return worstAt(values, ofDevices, worst);
  for (const metric of deviceMetrics) worst = worse(worst, severityOf(values[metric] ?? null, limits));
  return worst;
}

function hasValue(reading: Reading): boolean {
  const any = (values: Reading['values']): boolean => Object.values(values).some((value) => value !== null);
  return any(reading.values) || Object.values(reading.devices).some((device) => any(device.values));
}

/** Worst severity of a device; unknown if it has no value. */
export function deviceSeverity(id: FamilyId, device: DeviceReading): Severity {
  const levels = LEVELS.get(id);
  const worst = levels === undefined ? 'unknown' : worstOfDevice(device, levels, 'unknown');
  return worst === 'unknown' && Object.values(device.values).some((value) => value !== null) ? 'healthy' : worst;
}

/** Worst severity of a family and its devices; unknown if it has no value. */
export function familySeverity(id: FamilyId, reading: Reading | undefined): Severity {
  const levels = LEVELS.get(id);
  if (reading === undefined || levels === undefined) return 'unknown';
  let worst = worstAt(reading.values, levels.ofMachine, 'unknown');
  for (const device of Object.values(reading.devices)) worst = worstOfDevice(device, levels, worst);
  return worst === 'unknown' && hasValue(reading) ? 'healthy' : worst;
}

/** Worst severity of the machine, and the first family that has it. */
export function machineSeverity(snapshot: Pick<Snapshot, 'readings'>): { severity: Severity; family: FamilyId | null } {
  let severity: Severity = 'unknown';
  let family: FamilyId | null = null;
  for (const id of FAMILY_IDS) {
    const current = familySeverity(id, snapshot.readings[id]);
    if (worse(severity, current) !== severity) {
      severity = current;
      family = id;
    }
  }
  return { severity, family };
}
