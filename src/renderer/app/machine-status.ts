/** The state of the machine in one line. Overview and Alerts take their text from here, so that they cannot contradict each other. Pure. */
import type { Incident } from '../../shared/alerts/incident';
import { machineSeverity } from '../../shared/metrics/assess';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { Snapshot } from '../../shared/metrics/reading';
import type { Severity } from '../../shared/metrics/severity';
import { formatCount } from '../../shared/units';
import { familyLink, formatRoute } from '../lib/route';

/** The line, and the page it links to; null for none. */
export interface MachineStatus {
  readonly severity: Severity;
  readonly text: string;
  readonly link: string | null;
}

/** "No open alerts", "1 open alert", "2 open alerts". */
export function openAlertsText(open: { readonly length: number }): string {
  if (open.length === 0) return 'No open alerts';
  return open.length === 1 ? '1 open alert' : `${formatCount(open.length)} open alerts`;
}

const COLLECTING: MachineStatus = { severity: 'unknown', text: 'Collecting the first readings…', link: null };

/** From the thresholds of metrics alone: for as long as it is not known which alerts are open. */
function metricStatus(snapshot: Pick<Snapshot, 'readings'>): MachineStatus {
  const { severity, family } = machineSeverity(snapshot);
  if (severity === 'unknown' || family === null) return COLLECTING;
  if (severity === 'healthy') return { severity, text: 'All metrics normal', link: null };
  return { severity, text: `${familyOf(family).label}: ${severity}`, link: familyLink(family) };
}

function alertStatus(snapshot: Pick<Snapshot, 'readings'>, open: readonly Pick<Incident, 'severity'>[]): MachineStatus {
  if (open.length === 0 && machineSeverity(snapshot).severity === 'unknown') return COLLECTING;
  const severity = open.some((incident) => incident.severity === 'critical') ? 'critical' : open.length > 0 ? 'warning' : 'healthy';
  return { severity, text: openAlertsText(open), link: open.length === 0 ? null : formatRoute({ page: 'alerts' }) };
}

/** The line of a machine with these open alerts; null where they are not known. */
export function machineStatus(snapshot: Pick<Snapshot, 'readings' | 'faults'>, open: readonly Pick<Incident, 'severity'>[] | null): MachineStatus {
  const status = open === null ? metricStatus(snapshot) : alertStatus(snapshot, open);
  const failed = FAMILY_IDS.filter((id) => snapshot.faults[id] !== undefined).map((id) => familyOf(id).label);
  if (failed.length === 0) return status;
  const text = `Cannot be read: ${failed.join(', ')}`;
  if (status === COLLECTING) return { ...status, text };
  return { ...status, severity: status.severity === 'healthy' ? 'unknown' : status.severity, text: `${status.text} · ${text}` };
}
