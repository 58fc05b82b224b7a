/** CPU and memory limits of the app's cgroup and its ancestors. Used for notes only: values remain those of the machine. */
import { join, posix } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import { parseCgroupPaths } from '../cgroup-paths';
import type { SystemDeps } from './deps';
import { optionalText } from './files';

/** Cores and bytes allowed; null without a limit. */
export interface CgroupLimits {
  readonly cpus: Value;
  readonly memory: Value;
}

/** The path of a cgroup and of its ancestors, up to the root. */
function withAncestors(path: string): string[] {
  const paths = [path];
  while (path !== '/' && path !== '.') {
    path = posix.dirname(path);
    paths.push(path);
  }
  return paths;
}

function smallest(values: readonly number[]): Value {
  return values.length === 0 ? null : Math.min(...values);
}

/** `max 100000` and `200000 100000` (v2 cpu.max): quota over period. */
export function parseCpuMax(text: string | null): Value {
  const [quota = Number.NaN, period = Number.NaN] = (text ?? '').split(' ').map(Number);
  return quota > 0 && period > 0 ? quota / period : null;
}

/** A limit in bytes; null for `max` and for v1's number close to 2^63, which mean no limit. */
export function parseMemoryLimit(text: string | null): Value {
  const bytes = text === null || text === '' ? Number.NaN : Number(text);
  return bytes > 0 && bytes < 2 ** 60 ? bytes : null;
}

/** Reads the lowest limits of cgroup v2, and of v1 where it is mounted. */
export function readCgroupLimits(root: string): CgroupLimits {
  const paths = parseCgroupPaths(optionalText(join(root, '/proc/self/cgroup')) ?? '');
  const base = join(root, '/sys/fs/cgroup');
  const known = (value: Value): value is number => value !== null;
  const folders = (controller: string, hierarchy: string): string[] => {
    const path = paths.get(controller);
    return path === undefined ? [] : withAncestors(path).map((folder) => join(base, hierarchy, folder));
  };
  const v1Cpus = (folder: string): Value =>
    parseCpuMax(`${optionalText(join(folder, 'cpu.cfs_quota_us')) ?? ''} ${optionalText(join(folder, 'cpu.cfs_period_us')) ?? ''}`);
  return {
    cpus: smallest([
      ...folders('', '').map((folder) => parseCpuMax(optionalText(join(folder, 'cpu.max')))),
      ...folders('cpu', 'cpu').map(v1Cpus),
    ].filter(known)),
    memory: smallest([
      ...folders('', '').map((folder) => parseMemoryLimit(optionalText(join(folder, 'memory.max')))),
      ...folders('memory', 'memory').map((folder) => parseMemoryLimit(optionalText(join(folder, 'memory.limit_in_bytes')))),
    ].filter(known)),
  };
}

/** How long limits are cached; they seldom change. */
const CACHE_MS = 5 * 60_000;

/** Returns a function that gives the limits, read at most every five minutes. */
export function cgroupLimits(deps: Pick<SystemDeps, 'root' | 'clock'>): () => CgroupLimits {
  let limits: CgroupLimits = { cpus: null, memory: null };
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = deps.clock.mono();
    if (now - readAt >= CACHE_MS) {
      readAt = now;
      limits = readCgroupLimits(deps.root);
    }
    return limits;
  };
}
