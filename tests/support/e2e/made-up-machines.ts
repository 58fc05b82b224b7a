/** Made-up machines of all states, for the page that shows them. The same number, the same machine. */
import type { MachineState, MachineSummary } from '../../../src/shared/machines/machine-schemas';
import { THIS_MACHINE } from '../../../src/shared/machines/this-machine';

const HUB: MachineSummary = {
  id: THIS_MACHINE,
  state: 'live',
  settings: null,
  name: 'hub',
  hostname: 'hub',
  os: 'Debian GNU/Linux 12',
  version: '0.1.0',
  age: 'same',
  reportedAt: null,
  sampledAt: null,
  behind: null,
  clockOff: null,
  usage: { cpu: 7, memory: 41, disk: 63 },
  spark: null,
  open: 0,
  worst: null,
  problem: null,
  bytes: null,
};

/** Id of the machine with this number. */
export const idOf = (at: number): string => at.toString(16).padStart(32, '0');

const STATES: readonly MachineState[] = ['live', 'live', 'live', 'catchingUp', 'live', 'late', 'live', 'away', 'asleep', 'live', 'stopped', 'live', 'paused', 'live', 'revoked', 'live', 'live', 'live', 'live', 'live'];
const AGES: Readonly<Partial<Record<MachineState, number>>> = { late: 44_000, away: 640_000, asleep: 7_400_000, stopped: 190_000_000, revoked: 90_000_000 };
const ROLES = ['web', 'db', 'build', 'laptop', 'nas', 'a-very-long-name-of-a-machine-in-a-rack-of-the-second-floor'] as const;
const TAGS: Readonly<Record<string, string>> = { web: 'servers', db: 'servers', build: 'office', laptop: 'office' };

const wave = (at: number, base: number, height: number): number => Math.round(Math.max(0, Math.min(100, base + height * Math.sin(at))) * 10) / 10;

/** Settings of a machine by its role; long names have no tag. */
function settingsOf(role: string, name: string): NonNullable<MachineSummary['settings']> {
  const tag = TAGS[role];
  return { name, tags: tag === undefined ? [] : [tag], alwaysOn: role === 'web', silentMinutes: 5, keepDays: 400, maxBytes: null };
}

/** A machine of a number: the same number, the same machine. */
function madeUpMachine(at: number, now: number): MachineSummary {
  const state = STATES[(at - 1) % STATES.length] ?? 'live';
  const role = ROLES[at % ROLES.length] ?? 'web';
  const name = `${role}-${at}`;
  const spark = (base: number, height: number) => Array.from({ length: 30 }, (_, point) => (at % 7 === 3 && point < 8 ? null : wave(at + point / (2 + (at % 3)), base, height)));
  const seen = now - (AGES[state] ?? 1500);
  const worst = at % 9 === 2 ? { severity: 'critical', title: `Disk usage: /var/lib/machines/${name}`, path: '/disk?range=1h' } as const : at % 5 === 1 ? { severity: 'warning', title: 'CPU usage', path: '/cpu?range=1h' } as const : null;
  return {
    ...HUB,
    id: idOf(at),
    state,
    settings: settingsOf(role, name),
    name,
    hostname: name,
    os: at % 4 === 0 ? 'Windows 11 Pro 23H2' : 'Ubuntu 24.04.3 LTS',
    version: at % 11 === 4 ? '0.0.9' : '0.1.0',
    age: at % 11 === 4 ? 'older' : 'same',
    reportedAt: seen,
    sampledAt: seen,
    behind: state === 'catchingUp' ? 8_100_000 : 0,
    clockOff: at % 13 === 5 ? 10_800_000 : null,
    usage: { cpu: wave(at, 40, 38), memory: wave(at * 3, 55, 30), disk: wave(at * 5, 60, 39.9) },
    spark: { cpu: spark(40, 38), memory: spark(55, 10), disk: spark(wave(at * 5, 60, 39.9), 0.2) },
    open: worst === null ? 0 : 1 + (at % 3),
    worst,
    problem: state === 'revoked' ? 'Its access was revoked.' : null,
    bytes: 48_000_000,
  };
}

/** This machine, and so many others. */
export function madeUpMachines(others: number, now = Date.now()): readonly MachineSummary[] {
  const own: MachineSummary = { ...HUB, reportedAt: now, sampledAt: now, spark: { cpu: Array.from({ length: 30 }, (_, at) => wave(at / 3, 8, 5)), memory: Array.from({ length: 30 }, () => 41), disk: Array.from({ length: 30 }, () => 63) } };
  return [own, ...Array.from({ length: others }, (_, at) => madeUpMachine(at + 1, now))];
}
