/** Processes through systeminformation, for macOS and Windows: each look starts a program. */
import type { Clock, Timers } from '../clock';
import { atLeast } from '../collectors/systeminformation';
import type { LoadSystemInformation, SiProcess } from '../collectors/systeminformation';
import { CollectorError } from '../collectors/collector';
import { sanitizeCommand, sanitizeName } from './sanitize';
import type { RawProcessSnapshot, ProcessSource, RawProcess } from './process-source';

/** What the source is given. */
export interface PortableParts {
  readonly load: LoadSystemInformation;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly isWindows: boolean;
  /** Number of cores. */
  cores(): number;
}

/** A PowerShell takes seconds on a busy machine, ms. */
const DEADLINE = 15_000;
/** macOS tells how long a process has run: its start, reckoned from that, trembles by the length of a second and a bit, ms. */
const SAME_START = 2500;

/** "2026-05-01 09:30:00" of this machine's own time in epoch ms; null when it is none. */
export function parseStarted(text: string | null | undefined): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text ?? '');
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, day, hour, minute, second).getTime();
}

/** The same start for the same process, though it is told a second apart. */
function steady(startedAt: number | null, before: number | null | undefined): number | null {
  return startedAt !== null && before !== null && before !== undefined && Math.abs(startedAt - before) <= SAME_START ? before : startedAt;
}

/** The whole command line: Windows tells it in one, macOS in three parts. */
function commandOf({ path, command, params }: SiProcess, isWindows: boolean): string | null {
  if (isWindows) return sanitizeCommand(command);
  return sanitizeCommand(`${path ? `${path}/` : ''}${command} ${params ?? ''}`);
}

/**
 * Percent of one core. macOS tells it so, as a mean over its last minute at most. Windows is told as a share of all
 * cores since the look before, idle time counting too; a process that look did not have has a share of all time since
 * the start of the machine, which is none of now.
 */
function cpuOf({ cpu }: SiProcess, { isWindows, cores }: PortableParts, isKnown: boolean): number | null {
  const told = atLeast(0, cpu);
  if (!isWindows) return told;
  return told === null || !isKnown ? null : told * cores();
}

/** Understands a list; `before` holds the starts of the processes of the look before, by pid. */
export function parseProcesses(list: readonly SiProcess[], parts: PortableParts, before: ReadonlyMap<number, number | null>): RawProcess[] {
  // 0 is the idle process of Windows and the kernel of macOS: neither is a process to look for.
  return list.filter(({ pid }) => pid > 0).map((one) => {
    const memory = atLeast(0, one.memRss);
    const startedAt = steady(parseStarted(one.started), before.get(one.pid));
    const isKnown = before.has(one.pid) && before.get(one.pid) === startedAt;
    return {
      pid: one.pid,
      key: `${one.pid}-${startedAt ?? ''}`,
      name: sanitizeName(one.name),
      born: startedAt ?? 0,
      busySeconds: null,
      cpu: cpuOf(one, parts, isKnown),
      memory: memory === null ? null : memory * 1024,
      readBytes: null,
      writtenBytes: null,
      user: one.user ? sanitizeName(one.user) : null,
      command: commandOf(one, parts.isWindows),
      startedAt,
    };
  });
}

/** Makes the source. A look has a deadline; one that is not back by then is joined by the next ones, not doubled. */
export function portableProcesses(parts: PortableParts): ProcessSource {
  const { load, clock, timers } = parts;
  let starts: ReadonlyMap<number, number | null> = new Map();
  let flight: Promise<RawProcessSnapshot> | null = null;
  const read = async (): Promise<RawProcessSnapshot> => {
    const { list } = await (await load()).processes();
    // The package swallows the failures of the programs it starts, but no machine is without processes.
    if (list.length === 0) throw new CollectorError('SystemUnavailable', 'the system tells no processes');
    const processes = parseProcesses(list, parts, starts);
    starts = new Map(processes.map(({ pid, startedAt }) => [pid, startedAt]));
    return { time: clock.now(), mono: clock.mono(), processes };
  };
  return {
    spawns: true,
    snapshot: () => {
      flight ??= read().finally(() => {
        flight = null;
      });
      return withDeadline(flight, timers);
    },
    forget: () => {
      starts = new Map();
    },
  };
}

function withDeadline<T>(promise: Promise<T>, timers: Timers): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(DEADLINE, () => reject(new CollectorError('Timeout', `no list of processes within ${DEADLINE / 1000} s`)));
    promise.then(resolve, reject).finally(cancel);
  });
}
