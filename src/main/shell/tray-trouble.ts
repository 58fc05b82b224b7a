/** Finds, over all families alike, what is worst on this machine, and names it. */
import type { FamilyDescriptor, MetricSet, Thresholds } from '../../shared/metrics/define';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Reading, Snapshot } from '../../shared/metrics/reading';
import { severityOf } from '../../shared/metrics/severity';
import { formatValue } from '../../shared/units';

/** A value at or above one of its thresholds. */
export interface Trouble {
  readonly family: FamilyId;
  readonly severity: 'warning' | 'critical';
  /** What has the value, empty where the family's name says it; "/home", "swap usage", "/var, inode usage". */
  readonly subject: string;
  /** The value, formatted. */
  readonly value: string;
  /** Value ÷ critical threshold: ranks troubles of one severity in one family. */
  readonly excess: number;
}

/** Longest name of a device in the tray, in characters. */
const NAME_LENGTH = 28;

/** A device's name, cut in the middle where it is long: mounts and sensors differ at both ends. */
export function toShortName(name: string): string {
  if (name.length <= NAME_LENGTH) return name;
  const half = Math.floor((NAME_LENGTH - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

interface Scope {
  readonly values: Readonly<Record<string, number | null>>;
  readonly metrics: MetricSet;
  readonly limits: Thresholds | undefined;
  /** Names the metric within its scope. */
  readonly subject: (name: string, label: string) => string;
}

function troublesIn(family: FamilyId, { values, metrics, limits, subject }: Scope): Trouble[] {
  return Object.entries(metrics).flatMap(([name, metric]) => {
    const thresholds = limits ?? metric.thresholds;
    const value = values[name] ?? null;
    const severity = severityOf(value, thresholds);
    if (value === null || thresholds === undefined || (severity !== 'warning' && severity !== 'critical')) return [];
    const excess = value / thresholds.critical;
    return [{ family, severity, subject: subject(name, metric.label), value: formatValue(value, metric.unit), excess }];
  });
}

function lowerFirst(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** Troubles of a family's devices, then of the family as a whole: a device says more. */
function troublesOf(id: FamilyId, reading: Reading): Trouble[] {
  const family: FamilyDescriptor = familyOf(id);
  const deviceMetrics = family.device.metrics;
  const isPlain = (name: string): boolean => name === family.headline || Object.keys(deviceMetrics).length === 1;
  const ofDevices = Object.values(reading.devices).flatMap((device) =>
    troublesIn(id, {
      values: device.values,
      metrics: deviceMetrics,
      limits: device.limits,
      subject: (name, label) => toShortName(device.label) + (isPlain(name) ? '' : `, ${lowerFirst(label)}`),
    }),
  );
  const ofFamily = troublesIn(id, {
    values: reading.values,
    metrics: family.metrics,
    limits: undefined,
    subject: (name, label) => (name === family.headline ? '' : lowerFirst(label)),
  });
  return [...ofDevices.toSorted((a, b) => b.excess - a.excess), ...ofFamily.toSorted((a, b) => b.excess - a.excess)];
}

/** The worst trouble of each family that has one, critical ones first, otherwise in the families' order. */
export function findTroubles(readings: Snapshot['readings']): Trouble[] {
  const worstOfEach = FAMILY_IDS.flatMap((id) => {
    const reading = readings[id];
    const troubles = reading === undefined ? [] : troublesOf(id, reading);
    const worst = troubles.find(({ severity }) => severity === 'critical') ?? troubles[0];
    return worst === undefined ? [] : [worst];
  });
  const isCritical = ({ severity }: Trouble): boolean => severity === 'critical';
  return [...worstOfEach.filter(isCritical), ...worstOfEach.filter((trouble) => !isCritical(trouble))];
}
