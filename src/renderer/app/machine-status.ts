/** The state of the machine in one line. Overview and Alerts take their text from here, so that they cannot contradict each other. Pure. */
import type { Incident } from '../../shared/alerts/incident';
import { machineHealth } from '../../shared/alerts/severity';
import type { Health } from '../../shared/alerts/severity';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { Snapshot } from '../../shared/metrics/reading';
import { formatCount } from '../../shared/units';
import { formatRoute } from '../lib/route';

/** The line, and the page it links to; null for none. */
export interface MachineStatus {
  /** Null until it is known which alerts are open: until then the page says nothing about it. */
  readonly health: Health | null;
  readonly text: string;
  readonly link: string | null;
}

/** "No open alerts", "1 open alert", "2 open alerts". */
export function openAlertsText(open: { readonly length: number }): string {
  if (open.length === 0) return 'No open alerts';
  return open.length === 1 ? '1 open alert' : `${formatCount(open.length)} open alerts`;
}

const COLLECTING = 'Collecting the first readings…';

function textOf(health: Health, open: readonly unknown[], paused: boolean, isWhole: boolean): string {
  if (paused) return open.length === 0 ? 'Monitoring is paused' : `Monitoring is paused · ${openAlertsText(open)}`;
  if (open.length > 0) return openAlertsText(open);
  if (health.severity === 'unknown') return COLLECTING;
  // What could not be read is not known to be normal.
  return isWhole ? 'Everything is normal' : openAlertsText(open);
}

/** What is waited for while it is not known which alerts are open. */
function waitingText({ readings }: Pick<Snapshot, 'readings'>): string {
  return Object.keys(readings).length === 0 ? COLLECTING : 'Loading…';
}

/** One object, so that a view can tell by identity that nothing changed. */
const UNKNOWN: Health = { severity: 'unknown', mark: 'unknown' };

/** What could not be read is not known to be healthy. */
function wholeHealth(health: Health, isWhole: boolean): Health {
  return isWhole || health.severity !== 'healthy' ? health : UNKNOWN;
}

/** The line of a machine with these open alerts; null where they are not known. */
export function machineStatus(snapshot: Pick<Snapshot, 'readings' | 'faults' | 'paused'>, open: readonly Pick<Incident, 'severity' | 'acknowledgedAt'>[] | null): MachineStatus {
  const failed = FAMILY_IDS.filter((id) => snapshot.faults[id] !== undefined).map((id) => familyOf(id).label);
  const missing = failed.length === 0 ? '' : `Cannot be read: ${failed.join(', ')}`;
  const health = open === null ? null : machineHealth(snapshot, open);
  if (open === null || health === null) return { health: null, text: missing === '' ? waitingText(snapshot) : missing, link: null };
  const text = textOf(health, open, snapshot.paused, failed.length === 0);
  const link = open.length === 0 ? null : formatRoute({ page: 'alerts' });
  // Without a single reading the reason is all there is to say.
  const isBare = missing !== '' && health.severity === 'unknown' && !snapshot.paused;
  return { health: wholeHealth(health, failed.length === 0), text: isBare ? missing : [text, ...(missing === '' ? [] : [missing])].join(' · '), link };
}
