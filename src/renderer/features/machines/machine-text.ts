/** Text about machines: states, ages, versions, clocks. Pure. */
import type { MachineState, MachineSummary } from '../../../shared/machines/machine-schemas';
import { formatCount } from '../../../shared/units';
import { formatAge } from '../../lib/age';

/** Label of each state. */
export const STATE_LABELS: Readonly<Record<MachineState, string>> = {
  live: 'Live',
  catchingUp: 'Catching up',
  late: 'Late',
  away: 'Away',
  asleep: 'Asleep',
  stopped: 'Stopped',
  paused: 'Paused',
  revoked: 'Revoked',
};

/** What a state means, for its tooltip. */
export const STATE_HELP: Readonly<Record<MachineState, string>> = {
  live: 'Reports arrive.',
  catchingUp: 'Reports arrive. Samples of the time when they did not are still on their way.',
  late: 'No report for half a minute.',
  away: 'No report for two minutes. It did not say that it would stop.',
  asleep: 'It said that it would sleep.',
  stopped: 'Traywatch was ended there.',
  paused: 'Monitoring is paused there.',
  revoked: 'It may not report any more.',
};

/** States in which what is shown is as it is now. */
export function isCurrent({ state }: Pick<MachineSummary, 'state'>): boolean {
  return state === 'live' || state === 'catchingUp';
}

/** "Live", "Catching up, 2 h left". */
export function stateText({ state, behind }: Pick<MachineSummary, 'state' | 'behind'>): string {
  const left = state === 'catchingUp' && behind !== null && behind > 0 ? `, ${formatAge(behind)} left` : '';
  return `${STATE_LABELS[state]}${left}`;
}

/** Reports come each ten seconds; up to this age, ms, the latest one is now. */
const NOW = 15_000;

/** "now", "25 s ago", "3 h ago", of a report of this age, ms; steps of 5 s, so that it seldom changes. Long: "last report 25 s ago". */
export function reportAgeText(age: number, isLong: boolean): string {
  if (age < NOW) return isLong ? 'just reported' : 'now';
  const text = age < 60_000 ? `${Math.floor(age / 5000) * 5} s ago` : `${formatAge(age)} ago`;
  return isLong ? `last report ${text}` : text;
}

/** "Traywatch 1.2.0, older than here". */
export function versionText({ version, age }: Pick<MachineSummary, 'version' | 'age'>): string {
  return `Traywatch ${version}${age === 'same' ? '' : `, ${age} than here`}`;
}

/** "Clock 3 h ahead"; null where it is right. */
export function clockText({ clockOff }: Pick<MachineSummary, 'clockOff'>): string | null {
  return clockOff === null ? null : `Clock ${formatAge(Math.abs(clockOff))} ${clockOff > 0 ? 'ahead' : 'behind'}`;
}

/** "12 machines · 9 live · 2 with alerts". */
export function countsText(list: readonly Pick<MachineSummary, 'state' | 'open'>[]): string {
  const parts = [
    [list.length, list.length === 1 ? 'machine' : 'machines'],
    [list.filter(isCurrent).length, 'live'],
    [list.filter(({ open }) => open > 0).length, 'with alerts'],
  ] as const;
  return parts.flatMap(([count, what], at) => (count === 0 && at > 0 ? [] : [`${formatCount(count)} ${what}`])).join(' · ');
}

/** The command that makes a machine without a desktop report here. `url`: an address of this machine. */
export function joinCommand(url: string, code: string): string {
  return `traywatch --headless --join ${url.replace(/\/$/, '')} --code ${code}`;
}
