/** When the silence of machines is an incident: of one that should always be there, or of most of them at once. Pure. */
import type { Incident } from '../../shared/alerts/incident';

const MINUTE = 60_000;
/** Machines that went silent within this time went at once, ms. */
const AT_ONCE = 2 * MINUTE;
/** With fewer machines nothing is "most of them". */
const FEWEST = 3;

/** Id of the hub's own rule. */
export const SILENT_RULE = 'machine-silent';

/** What is known of a machine. */
export interface Listened {
  readonly id: string;
  readonly alwaysOn: boolean;
  readonly silentMinutes: number;
  /** Milliseconds since its last report, or since the hub began to listen (its start, or when it woke). */
  readonly silentFor: number;
  /** It said that it would sleep or stop, or it may not report. */
  readonly isExcused: boolean;
}

/** The machines that are silent for too long, and whether most went at once, which is then told once instead. */
export interface Silence {
  readonly silent: readonly string[];
  readonly isMost: boolean;
}

/** Judges all machines. */
export function judgeSilence(machines: readonly Listened[]): Silence {
  const expected = machines.filter(({ isExcused }) => !isExcused);
  const due = expected.filter(({ alwaysOn, silentMinutes, silentFor }) => alwaysOn && silentFor >= silentMinutes * MINUTE);
  const isMost = due.some(({ silentFor }) => {
    const together = expected.filter((other) => other.silentFor >= MINUTE && Math.abs(other.silentFor - silentFor) <= AT_ONCE);
    return expected.length >= FEWEST && together.length > expected.length / 2;
  });
  return { silent: due.map(({ id }) => id), isMost };
}

/** The incident of a silent machine, which fires now. `since`: when it was heard last, epoch ms. */
export function silentIncident(minutes: number, since: number, now: number): Incident {
  return {
    id: `${SILENT_RULE}|${now}`,
    ruleId: SILENT_RULE,
    label: `Silent for ${minutes} min`,
    device: null,
    deviceLabel: null,
    series: 'uptime.system',
    severity: 'critical',
    worst: 'critical',
    since,
    firedAt: now,
    clearedAt: null,
    endedBy: null,
    threshold: minutes * 60,
    valueAtFire: Math.round((now - since) / 1000),
    value: null,
    peak: Math.round((now - since) / 1000),
    peakAt: now,
    acknowledgedAt: null,
    culprits: [],
    state: 'no reports arrive: the machine is off, its network is away, or Traywatch does not run there',
  };
}
