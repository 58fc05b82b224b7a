/** Processes through systeminformation, for macOS and Windows: each snapshot starts a program. */
import type { Clock, Timers } from '../clock';
import { atLeast } from '../collectors/systeminformation';
import type { LoadSystemInformation, SiProcess } from '../collectors/systeminformation';
import { CollectorError } from '../collectors/collector';
import { sumOf } from '../collectors/numbers';
import { sanitizeCommand, sanitizeName } from './sanitize';
import type { ProcessMemory, RawProcessSnapshot, ProcessSource, RawProcess } from './process-source';

/** Dependencies of the source. */
export interface PortableParts {
  readonly load: LoadSystemInformation;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly isWindows: boolean;
  /** Number of cores. */
  cores(): number;
  /** Bytes of memory. */
  totalMemory(): number;
}

/** Deadline of a snapshot, ms: PowerShell takes seconds on a busy machine. */
const DEADLINE = 15_000;
/** macOS reports how long a process has run; start times computed from that vary by up to this, ms. */
const SAME_START = 2500;

/** Parses local time such as "2026-05-01 09:30:00" to epoch ms; null if malformed. */
export function parseStarted(text: string | null | undefined): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text ?? '');
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, day, hour, minute, second).getTime();
}

/** The previous start time if the new one differs only by that variation. */
function stableStart(startedAt: number | null, before: number | null | undefined): number | null {
  return startedAt !== null && before !== null && before !== undefined && Math.abs(startedAt - before) <= SAME_START ? before : startedAt;
}

/** The full command line: one field on Windows, three on macOS. */
function commandOf({ path, command, params }: SiProcess, isWindows: boolean): string | null {
  if (isWindows) return sanitizeCommand(command);
  return sanitizeCommand(`${path ? `${path}/` : ''}${command} ${params ?? ''}`);
}

/**
 * Percent of one core. macOS reports it so, as a mean over at most the last minute. On Windows it is the share of all
 * cores since the previous snapshot; for a process that snapshot did not have it is the share since boot, which is not a
 * current value: null.
 */
function cpuOf({ cpu }: SiProcess, { isWindows, cores }: PortableParts, isKnown: boolean): number | null {
  const percent = atLeast(0, cpu);
  if (!isWindows) return percent;
  return percent === null || !isKnown ? null : percent * cores();
}

/** Parses a list; `before` has the start times of the previous snapshot's processes, by pid. */
export function parseProcesses(list: readonly SiProcess[], parts: PortableParts, before: ReadonlyMap<number, number | null>): RawProcess[] {
  // Pid 0 is the idle process of Windows and the kernel of macOS: left out.
  return list.filter(({ pid }) => pid > 0).map((one) => {
    const memory = atLeast(0, one.memRss);
    const startedAt = stableStart(parseStarted(one.started), before.get(one.pid));
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

/** Creates the source. A snapshot has a deadline; further calls wait for a pending one instead of starting another. */
export function portableProcesses(parts: PortableParts): ProcessSource {
  const { load, clock, timers } = parts;
  let starts: ReadonlyMap<number, number | null> = new Map();
  let inFlight: Promise<RawProcessSnapshot> | null = null;
  const read = async (): Promise<RawProcessSnapshot> => {
    const { list } = await (await load()).processes();
    // The package hides failures of the programs it starts; an empty list is one.
    if (list.length === 0) throw new CollectorError('SystemUnavailable', 'the list of processes is empty');
    const processes = parseProcesses(list, parts, starts);
    starts = new Map(processes.map(({ pid, startedAt }) => [pid, startedAt]));
    return { time: clock.now(), mono: clock.mono(), processes };
  };
  return {
    startsProcess: true,
    snapshot: () => {
      inFlight ??= read().finally(() => {
        inFlight = null;
      });
      return withDeadline(inFlight, timers);
    },
    // What the processes share is not reported: their sum is only kept from being impossible.
    groupMemory: (groups) => Promise.resolve(groups.map((members) => Math.min(parts.totalMemory(), sumOf(members.map(({ memory }: ProcessMemory) => memory)) ?? 0))),
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
