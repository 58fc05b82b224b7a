/** The tree of mounts: which can be reached by their path, and which are mounted on demand. Pure. */

/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly id: number;
  /** The mount that this one is on. */
  readonly parent: number;
  /** `major:minor` of the file system; the same for all its mounts. */
  readonly device: string;
  /** The folder or file of the file system that is seen here; `/` is all of it. */
  readonly root: string;
  /** The mount point for display. Bytes that are not UTF-8 are U+FFFD. */
  readonly point: string;
  /** The mount point, one character per byte: two that look alike in `point` differ here. */
  readonly raw: string;
  /** The mount point for system calls: its bytes where they are not UTF-8. */
  readonly path: string | Buffer;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  /** True if the file system itself is read-only; a mount may be so alone, in a container or a service, while others write. */
  readonly isSealed: boolean;
  /** Subvolume of btrfs, upper layer of an overlay, idle time of autofs. */
  readonly options: Readonly<Partial<Record<'subvol' | 'upperdir' | 'timeout', string>>>;
}

/** Groups in the order of their first members. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The folders above a path, nearest first, `/` last. */
function foldersAbove(raw: string): string[] {
  const folders: string[] = [];
  for (let at = raw.lastIndexOf('/'); at > 0; at = raw.lastIndexOf('/', at - 1)) folders.push(raw.slice(0, at));
  if (raw !== '/') folders.push('/');
  return folders;
}

/** The mounts that a mount is on, up to the root. A damaged table may have circles. */
function mountsBelow(mount: Mount, byId: ReadonlyMap<number, Mount>): Set<Mount> {
  const below = new Set<Mount>();
  for (let next = byId.get(mount.parent); next !== undefined && next !== mount && !below.has(next); next = byId.get(next.parent)) below.add(next);
  return below;
}

/** Of the mounts at one point, the one on top: no other is on it. Where the parents do not tell, the newest id. */
function topOf(stack: readonly Mount[], byId: ReadonlyMap<number, Mount>): Mount | undefined {
  if (stack.length < 2) return stack[0];
  const covered = new Set(stack.flatMap((mount) => [...mountsBelow(mount, byId)]));
  const open = stack.filter((mount) => !covered.has(mount));
  return (open.length === 0 ? stack : open).reduce((top, mount) => (mount.id < top.id ? top : mount));
}

/**
 * The mounts that can be reached by their path: no other is on the same point, or was made on a folder above later. The
 * order of the table does not matter. Where the parents do not tell, a smaller id is taken to be older.
 */
export function visibleMounts(mounts: readonly Mount[]): Mount[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const tops = new Map<string, Mount>();
  for (const [raw, stack] of groupBy(mounts, (mount) => mount.raw)) {
    const top = topOf(stack, byId);
    if (top !== undefined) tops.set(raw, top);
  }
  return [...tops.values()].filter((mount) => {
    const below = mountsBelow(mount, byId);
    return !foldersAbove(mount.raw).some((folder) => isCovered(mount, below, folder, tops.get(folder)));
  });
}

/** True if the mount on top of a folder hides a mount in it: the latter is on one below that, or on none of them and older. */
function isCovered(mount: Mount, below: ReadonlySet<Mount>, folder: string, cover: Mount | undefined): boolean {
  if (cover === undefined || below.has(cover)) return false;
  // Whatever has an unknown parent is taken to be on the root.
  return [...below].some(({ raw }) => raw === folder) || (folder !== '/' && cover.id > mount.id);
}

/** Seconds that an autofs mount may be idle; null if it is never unmounted. Without a number it is taken to be short. */
function idleSecondsOf(autofs: Mount): number | null {
  const seconds = Number(autofs.options.timeout ?? 1);
  return seconds > 0 ? seconds : null;
}

/**
 * Seconds without access after which the automounter (autofs, systemd) unmounts this mount, or one that it is in, again;
 * null where none does.
 */
export function idleLimitOf(mount: Mount, automounts: readonly Mount[]): number | null {
  let limit: number | null = null;
  for (const autofs of automounts) {
    if (mount.raw !== autofs.raw && !mount.raw.startsWith(`${autofs.raw}/`)) continue;
    const seconds = idleSecondsOf(autofs);
    if (seconds !== null) limit = Math.max(limit ?? 0, seconds);
  }
  return limit;
}
