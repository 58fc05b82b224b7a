/** What /proc tells of a process; the parsers are pure. See proc(5). */
import fs from 'node:fs';

/** Clock ticks per second in /proc: the kernel's USER_HZ is 100 on every platform there is a runtime for. */
export const TICKS_PER_SECOND = 100;

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** user + system, all threads that ever were, in ticks. */
  readonly ownTicks: number;
  /** The same of children that ended and were waited for. */
  readonly childTicks: number;
}

/** Reads /proc/<pid>/stat; null for a process that has ended already. */
export function parseStat(text: string): ProcessStat | null {
  // The name stands in parentheses and may itself hold spaces and parentheses.
  const end = text.lastIndexOf(')');
  const [state, ...fields] = text.slice(end + 2).trim().split(' ');
  if (end < 0 || state === undefined || state === 'Z' || state === 'X') return null;
  const at = (field: number): number => Number(fields[field - 4]);
  const ownTicks = at(14) + at(15);
  return { pid: Number.parseInt(text, 10), parent: at(4), session: at(6), ownTicks, childTicks: at(16) + at(17) };
}

/** Reads /proc/stat: ticks in which any core did something, over all cores. Guest time is part of user time. */
export function parseBusyTicks(text: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = text.split('\n', 1)[0]?.split(/\s+/).slice(1).map(Number) ?? [];
  return user + nice + system + irq + softirq + steal;
}

/** Value of a "Name:  123" line, such as those of smaps_rollup and io; null when there is none. */
export function parseField(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** The text of a file, or null when the process has ended or its owner keeps it to himself. */
export function readIfAllowed(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

function numericNames(folder: string): number[] {
  try {
    return fs.readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return [];
    throw error;
  }
}

/** All living descendants of a process and what runs in its session, the process itself first. */
export function readTree(root: number): ProcessStat[] {
  const all = numericNames('/proc').flatMap((pid) => parseStat(readIfAllowed(`/proc/${pid}/stat`) ?? '') ?? []);
  const tree = all.filter((one) => one.pid === root);
  // A process whose parent ended hangs elsewhere, but it keeps its session.
  if (tree[0]?.session === root) tree.push(...all.filter((one) => one.session === root && one.pid !== root));
  for (const { pid } of tree) tree.push(...all.filter((one) => one.parent === pid && !tree.includes(one)));
  return tree;
}

/** Nanoseconds on a core of each living thread of a process, by thread id. */
export function readThreadTimes(pid: number): Map<number, number> {
  const times = numericNames(`/proc/${pid}/task`).map((tid) => {
    const text = readIfAllowed(`/proc/${pid}/task/${tid}/schedstat`);
    return [tid, text === null ? Number.NaN : Number.parseInt(text, 10)] as const;
  });
  return new Map(times.filter(([, nanoseconds]) => !Number.isNaN(nanoseconds)));
}

/** Proportional set size in bytes; null where it may not be read. */
export function readPss(pid: number): number | null {
  const kilobytes = parseField(readIfAllowed(`/proc/${pid}/smaps_rollup`) ?? '', 'Pss');
  return kilobytes === null ? null : kilobytes * 1024;
}

/** Name of a thread, cut to 15 characters by the kernel; null when it has ended. */
export function readThreadName(pid: number, tid: number): string | null {
  return readIfAllowed(`/proc/${pid}/task/${tid}/comm`)?.trim() ?? null;
}

/** Whether a process outside of a tree runs the same executable, and so shares its memory. */
export function hasTwin(tree: readonly ProcessStat[]): boolean {
  const executableOf = (pid: number): string | null => {
    try {
      return fs.readlinkSync(`/proc/${pid}/exe`);
    } catch (error) {
      // Kernel threads have none, and other people's may not be seen.
      if (error instanceof Error && 'code' in error) return null;
      throw error;
    }
  };
  const own = executableOf(tree[0]?.pid ?? 0);
  return numericNames('/proc').some((pid) => own !== null && executableOf(pid) === own && !tree.some((one) => one.pid === pid));
}

/** What Chromium calls a process ("renderer", "gpu-process", ...); "main" for the first one. */
export function readType(pid: number): string {
  const command = readIfAllowed(`/proc/${pid}/cmdline`) ?? '';
  return /--type=([\w-]+)/.exec(command)?.[1] ?? 'main';
}
