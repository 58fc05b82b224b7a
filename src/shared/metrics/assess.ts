import { FAMILY_IDS, familyOf } from './index';
import type { FamilyId } from './index';
import type { Reading, Snapshot } from './reading';
import { severityOf, worse } from './severity';
import type { Severity } from './severity';

/** Worst severity over a family's values and devices; unknown when nothing of it has a value. */
export function familySeverity(id: FamilyId, reading: Reading | undefined): Severity {
  if (reading === undefined) return 'unknown';
  const family = familyOf(id);
  let worst: Severity = 'unknown';
  for (const [name, metric] of Object.entries(family.metrics)) {
    worst = worse(worst, severityOf(reading.values[name] ?? null, metric.thresholds));
  }
  for (const device of Object.values(reading.devices)) {
    for (const [name, metric] of Object.entries(family.device.metrics)) {
      worst = worse(worst, severityOf(device.values[name] ?? null, device.limits ?? metric.thresholds));
    }
  }
  return worst;
}

/** Worst severity of the machine, and the family that has it. */
export function machineSeverity(snapshot: Pick<Snapshot, 'readings'>): { severity: Severity; family: FamilyId | null } {
  let severity: Severity = 'unknown';
  let family: FamilyId | null = null;
  for (const id of FAMILY_IDS) {
    const own = familySeverity(id, snapshot.readings[id]);
    if (worse(severity, own) !== severity) {
      severity = own;
      family = id;
    }
  }
  return { severity, family };
}
