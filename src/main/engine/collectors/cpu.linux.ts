/** CPU time from /proc/stat, load averages from /proc/loadavg and pressure from /proc/pressure/cpu. */
import { join } from 'node:path';
import type { CgroupLimits } from './cgroup.linux';
import { cpuReading } from './cpu';
import type { CpuRaw, CpuTimes } from './cpu';
import { Cursor } from './byte-cursor';
import { parseFault } from './faults';
import { HeldFile, WHOLE } from './files';
import type { Collector } from './collector';
import { PressureFile } from './pressure.linux';

const STAT = '/proc/stat';
const LOADAVG = '/proc/loadavg';

/** Cells: user nice system idle iowait irq softirq steal; kernels before 2.6 have the first four. Guest time is part of user. */
function parseTimes(cursor: Cursor, name: string): CpuTimes {
  const user = cursor.number();
  const nice = cursor.number();
  const system = cursor.number();
  const idle = cursor.number();
  if (idle < 0) throw parseFault(STAT, `line "${name}" has fewer than four numbers`);
  const iowait = cursor.number();
  const irq = cursor.number();
  const softirq = cursor.number();
  const steal = cursor.number();
  return {
    user: user + nice,
    system: system + Math.max(0, irq) + Math.max(0, softirq),
    idle,
    iowait: iowait < 0 ? null : iowait,
    steal: steal < 0 ? null : steal,
  };
}

/** Parses the `cpu` lines of /proc/stat. Throws a ParseError. */
export function parseCpuStat(bytes: Buffer): Pick<CpuRaw, 'total' | 'cores'> {
  const cursor = new Cursor(bytes);
  if (!cursor.startsWith('cpu ')) throw parseFault(STAT, 'does not begin with a "cpu" line');
  cursor.position = 4;
  const total = parseTimes(cursor, 'cpu');
  cursor.nextLine();
  const cores = new Map<string, CpuTimes>();
  while (cursor.startsWith('cpu')) {
    cursor.position += 3;
    const id = cursor.word();
    cores.set(id, parseTimes(cursor, `cpu${id}`));
    cursor.nextLine();
  }
  if (cores.size === 0) throw parseFault(STAT, 'lists no core');
  return { total, cores };
}

/** Load averages and the number of tasks, from `0.05 0.12 0.14 1/91 6669`. Throws a ParseError. */
export function parseLoadavg(text: string): { load: CpuRaw['load']; tasks: number } {
  const [one, five, fifteen, tasks] = text.split(' ', 4);
  const numbers = [one, five, fifteen, tasks?.split('/')[1]].map((cell) => (cell === undefined || cell === '' ? Number.NaN : Number(cell)));
  const [load1 = Number.NaN, load5 = Number.NaN, load15 = Number.NaN, total = Number.NaN] = numbers;
  if (!numbers.every((number) => number >= 0)) throw parseFault(LOADAVG, `cannot read "${text.trim().slice(0, 60)}"`);
  return { load: { one: load1, five: load5, fifteen: load15 }, tasks: total };
}

/** Reads the files synchronously; they stay open between reads. Pressure is read every ten seconds by the monotonic clock. */
export function linuxCpu(root: string, limits: () => CgroupLimits, mono: () => number = () => 0): Collector<'cpu', CpuRaw> {
  // 128 cores take 8 KiB, and a long line of interrupt counters follows.
  const stat = new HeldFile(join(root, STAT), 16_384, WHOLE.record);
  const loadavg = new HeldFile(join(root, LOADAVG), 128, WHOLE.record);
  const pressure = new PressureFile(root, 'cpu', mono);
  return {
    family: 'cpu',
    read: () => {
      const raw = { ...parseCpuStat(stat.bytes()), load: parseLoadavg(loadavg.text()).load, limit: limits().cpus };
      const waiting = pressure.current();
      return waiting === null ? raw : { ...raw, pressure: waiting.some };
    },
    toReading: cpuReading,
    close: () => {
      stat.close();
      loadavg.close();
      pressure.close();
    },
  };
}
