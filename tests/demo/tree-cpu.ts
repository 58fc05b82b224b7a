/** CPU time, load averages, pressure, uptime and clock speeds of a made-up machine. Pure. */
import { hash } from './random';
import type { LiveFiles, Moment } from './moment';

/** Ticks of a second in /proc/stat. */
const HZ = 100;

/** Shares of busy time; what is left is user time. */
const SYSTEM = 0.24;
const SOFTIRQ = 0.02;
const NICE = 0.01;
/** Share of idle time that waits for disks, at most, and while nothing in particular happens. */
const WAIT = 0.02;

/** A whole number of fixed width: leading zeros are read as none. */
export const fixed = (value: number, width = 12): string => String(Math.max(0, Math.floor(value))).padStart(width, '0');

/** Second of the start, since 1970. */
const btimeOf = ({ machine }: Moment): number => Math.floor(machine.boot / 1000);

/** Columns user nice system idle iowait irq softirq steal guest guest_nice, from busy and elapsed core seconds. */
function times(busy: number, elapsed: number): string {
  const idle = elapsed - busy;
  const columns = [busy * (1 - SYSTEM - SOFTIRQ - NICE), busy * NICE, busy * SYSTEM, idle * (1 - WAIT), idle * WAIT, 0, busy * SOFTIRQ, 0, 0, 0];
  return columns.map((seconds) => fixed(seconds * HZ)).join(' ');
}

/** Busy seconds of one core. Cores take turns, in pairs that make up for each other; of an odd number one is as busy as the mean. */
function busyOf(core: number, { machine: { spec }, totals: { cpu, skew } }: Moment): number {
  if (spec.cores % 2 === 1 && core === spec.cores - 1) return cpu;
  const angle = (2 * Math.PI * Math.floor(core / 2)) / spec.cores + (core % 2) * Math.PI;
  return cpu + skew[0] * Math.cos(angle) + skew[1] * Math.sin(angle);
}

/** /proc/stat. */
export function statFile(moment: Moment): string {
  const { machine: { spec }, totals: { cpu, seconds } } = moment;
  const cores = Array.from({ length: spec.cores }, (_, core) => `cpu${core} ${times(busyOf(core, moment), seconds)}`);
  const busy = cpu * spec.cores;
  const events = [`intr ${fixed(900 * seconds + 9000 * busy)} 0 0`, `ctxt ${fixed(2500 * seconds + 22_000 * busy)}`, `btime ${btimeOf(moment)}`, `processes ${fixed(4 * seconds + 60 * busy, 10)}`];
  return [`cpu  ${times(busy, spec.cores * seconds)}`, ...cores, ...events, `procs_running ${fixed(1 + runningOf(moment), 4)}`, 'procs_blocked 0', ''].join('\n');
}

function runningOf({ machine: { spec, load }, time }: Moment): number {
  return Math.round(load.level(time).cpu * spec.cores);
}

/** /proc/loadavg: the mean of the cores at work in the last minute, five, fifteen. */
export function loadavgFile(moment: Moment): string {
  const { machine: { spec, load }, time } = moment;
  const mean = (minutes: number): number => {
    let sum = 0;
    for (let back = 0; back < minutes; back += 1) sum += load.smooth(time - back * 60_000).cpu;
    return Math.max(0.01, (1.05 * spec.cores * sum) / minutes);
  };
  const column = (value: number): string => value.toFixed(2).padStart(6, '0');
  const tasks = spec.processes.length * 7 + spec.cores * 12;
  return `${column(mean(1))} ${column(mean(5))} ${column(mean(15))} ${fixed(1 + runningOf(moment), 3)}/${fixed(tasks, 4)} 4194400\n`;
}

/** /proc/uptime. */
export function uptimeFile({ machine: { spec }, totals: { seconds, cpu } }: Moment): string {
  return `${seconds.toFixed(2).padStart(12, '0')} ${(spec.cores * (seconds - cpu)).toFixed(2).padStart(14, '0')}\n`;
}

/** /proc/pressure: time in which something waited, µs. It grows with the load. */
export function pressureFiles({ machine: { load }, time, totals: { cpu, bursts } }: Moment): LiveFiles {
  const burst = bursts.reduce((sum, seconds) => sum + seconds, 0);
  const now = load.smooth(time).cpu;
  const column = (share: number): string => (100 * Math.min(0.99, share)).toFixed(2).padStart(5, '0');
  const line = (kind: string, share: number, seconds: number): string => `${kind} avg10=${column(share)} avg60=${column(share)} avg300=${column(0.8 * share)} total=${fixed(1e6 * seconds, 15)}\n`;
  return {
    'proc/pressure/cpu': line('some', 0.12 * now, 0.12 * cpu) + line('full', 0, 0),
    'proc/pressure/io': line('some', 0.06 * now, 0.06 * burst) + line('full', 0.03 * now, 0.03 * burst),
    'proc/pressure/memory': line('some', 0.004 * now, 0.004 * burst) + line('full', 0.001 * now, 0.001 * burst),
  };
}

/** Clock speed of each core, kHz: faster under load. */
export function frequencyFiles({ machine: { spec, seed, load }, time }: Moment): LiveFiles {
  const [slowest, fastest] = spec.frequency;
  const { cpu } = load.level(time);
  const second = Math.floor(time / 2000);
  const speed = (core: number): number => slowest + (fastest - slowest) * Math.min(1, 0.15 + cpu * 1.1 + 0.35 * (hash(seed, 11, core, second) - 0.4));
  return Object.fromEntries(Array.from({ length: spec.cores }, (_, core) => [`sys/devices/system/cpu/cpu${core}/cpufreq/scaling_cur_freq`, `${fixed(Math.max(slowest, speed(core)), 7)}\n`]));
}
