/** Processes of a made-up machine: those that are always there, and those of a burst while it lasts. Pure. */
import type { ProcessSpec } from './machine';
import type { Moment } from './moment';

/**
 * Linux gives no process an id of 4 194 304 (PID_MAX_LIMIT) or more. Made-up ones do have such ids: whatever is done to them
 * by their id, it cannot hit a process of the machine that the demo runs on.
 */
export const FIRST_PID = 4_194_400;

const PAGE = 4096;
const HZ = 100;

/** The files of one process below /proc/<pid>. `cmdline` does not change. */
export interface ProcessFiles {
  readonly pid: number;
  readonly stat: string;
  readonly status: string;
  readonly cmdline: string;
  readonly io: string;
}

/** A process now: CPU seconds, bytes read and written since it began, `born` seconds after the start of the machine. */
interface Living {
  readonly pid: number;
  readonly spec: ProcessSpec;
  readonly born: number;
  readonly seconds: number;
  readonly read: number;
  readonly written: number;
}

/** All processes now. */
export function livingProcesses(moment: Moment): Living[] {
  return [...lasting(moment), ...passing(moment)];
}

/** CPU seconds of everyday load are shared among the lasting processes. */
function lasting({ machine: { spec, load }, totals }: Moment): Living[] {
  return spec.processes.map((process, index) => ({
    pid: FIRST_PID + 7 * index,
    spec: process,
    born: 2 + index * 0.4,
    seconds: process.cpu * spec.cores * totals.base,
    read: load.count(process.read ?? {}, totals, `${process.name} read`),
    written: load.count(process.write ?? {}, totals, `${process.name} write`),
  }));
}

function passing({ machine, time, totals }: Moment): Living[] {
  const { spec, load } = machine;
  const minute = Math.floor(time / 60_000);
  return spec.bursts.flatMap(({ cpu, processes }, index) => {
    const run = load.run(index, minute);
    if (run === null) return [];
    const from = Math.max(run.from * 60_000, machine.boot);
    const before = load.totals(from);
    const seconds = (totals.bursts[index] ?? 0) - (before.bursts[index] ?? 0);
    return processes.map((process, at) => ({
      pid: FIRST_PID + 1000 + (run.from % 100_000) * 40 + index * 8 + at,
      spec: process,
      born: before.seconds + 0.5 * at,
      seconds: process.cpu * cpu * spec.cores * seconds,
      read: load.count(process.read ?? {}, totals, '') - load.count(process.read ?? {}, before, ''),
      written: load.count(process.write ?? {}, totals, '') - load.count(process.write ?? {}, before, ''),
    }));
  });
}

/** The files of a process, see proc(5). */
function filesOf({ pid, spec: { name, command, uid, memory }, born, seconds, read, written }: Living): ProcessFiles {
  const ticks = Math.floor(seconds * HZ);
  const user = Math.floor(ticks * 0.75);
  const cells = ['S', 1, pid, pid, 0, -1, 0x40_0000, 99, 0, 0, 0, user, ticks - user, 0, 0, 20, 0, 8, 0, Math.floor(born * HZ), memory * 3, Math.floor(memory / PAGE), '18446744073709551615', ...Array.from({ length: 27 }, () => 0)];
  const kib = (share: number): string => `${Math.floor((share * memory) / 1024)} kB`;
  return {
    pid,
    stat: `${pid} (${name.slice(0, 15)}) ${cells.join(' ')}\n`,
    status: `Name:\t${name.slice(0, 15)}\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t${pid}\nPPid:\t1\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\nVmRSS:\t${kib(1)}\nRssAnon:\t${kib(0.8)}\nRssFile:\t${kib(0.2)}\nRssShmem:\t0 kB\nThreads:\t8\n`,
    cmdline: `${command.replaceAll(' ', '\0')}\0`,
    io: `rchar: ${read}\nwchar: ${written}\nsyscr: 0\nsyscw: 0\nread_bytes: ${read}\nwrite_bytes: ${written}\ncancelled_write_bytes: 0\n`,
  };
}

/** The files of all processes at a moment. */
export function processFiles(moment: Moment): ProcessFiles[] {
  return livingProcesses(moment).map(filesOf);
}
