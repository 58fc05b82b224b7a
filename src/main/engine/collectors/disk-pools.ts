/**
 * Which measured mounts are one disk, as their numbers show. File systems of one pool share its free space: each alone
 * would say that it is full when the pool is.
 */
import type { MeasuredSpace, MountSpace } from './disk';

/** One mount that may stand for others, as it was measured. */
export interface MeasuredMount extends MeasuredSpace {
  readonly id: string;
  /** Mounts with the same value are one disk if their numbers are the same; null for a disk of its own. */
  readonly alike: string | null;
  /** Other file systems of its pool. They are one disk with it unless less is available to them than to it. */
  readonly sharing: readonly MeasuredSpace[];
}

/** Numbers read one after another differ by what was written in between. */
const DRIFT = 0.01;

/** A tenth less available is a quota and no drift. */
const QUOTA = 0.1;

interface Sizes {
  readonly total: number;
  readonly available: number;
}

function sizesOf(space: MountSpace | null): Sizes | null {
  return space === null || space.total === null || space.available === null ? null : { total: space.total, available: space.available };
}

function isSame(a: Sizes, b: Sizes): boolean {
  return a.total === b.total && Math.abs(a.available - b.available) <= DRIFT * a.total;
}

/** True if a file system has a limit of its own below what its pool has left. */
function hasQuota(one: Sizes, pool: Sizes): boolean {
  return pool.available - one.available > Math.max(QUOTA * pool.available, DRIFT * Math.max(one.total, pool.total));
}

/** Share in use of what users may fill; −1 if unknown. */
function fullness(space: MountSpace | null): number {
  if (space === null || space.used === null || space.available === null) return -1;
  return space.used + space.available > 0 ? space.used / (space.used + space.available) : 0;
}

/**
 * Joins mounts that are one disk, with a memory: two that were seen to differ stay two, so that no disk comes and goes with
 * its numbers. What a mount was before is kept while it cannot be read.
 */
export class DiskPools {
  #verdicts = new Map<string, 'apart' | 'joined'>();

  /** The disks. Of several mounts the first names the disk. */
  join(measured: readonly MeasuredMount[]): MeasuredSpace[] {
    const before = this.#verdicts;
    this.#verdicts = new Map();
    const pools = measured.flatMap((mount) => this.#splitPool(mount, before));
    const disks: MeasuredMount[] = [];
    for (const mount of pools) {
      const at = disks.findIndex((disk) => this.#isJoined(mount, disk, before));
      const disk = disks[at];
      if (disk === undefined) disks.push(mount);
      else if (disk.space === null && mount.space !== null) disks[at] = { ...disk, space: mount.space, fault: null };
    }
    return disks.map(({ id, point, detail, space, media, fault }) => ({ id, point, detail, space, media, fault }));
  }

  /** A pool has the space of its fullest file system; those with a quota are disks of their own. */
  #splitPool(pool: MeasuredMount, before: ReadonlyMap<string, string>): MeasuredMount[] {
    const whole = sizesOf(pool.space);
    const own: MeasuredMount[] = [];
    let { space, fault } = pool;
    for (const part of pool.sharing) {
      const id = part.id ?? part.point;
      const sizes = sizesOf(part.space);
      const isApart = before.get(id) === 'apart' || (sizes !== null && whole !== null && hasQuota(sizes, whole));
      if (isApart) {
        this.#verdicts.set(id, 'apart');
        own.push({ ...part, id, alike: null, sharing: [] });
      } else if (fullness(part.space) > fullness(space)) {
        ({ space, fault } = part);
      }
    }
    return [{ ...pool, space, fault }, ...own];
  }

  #isJoined(mount: MeasuredMount, disk: MeasuredMount, before: ReadonlyMap<string, string>): boolean {
    if (mount.alike === null || mount.alike !== disk.alike) return false;
    const key = `${disk.id}\n${mount.id}`;
    const [a, b] = [sizesOf(mount.space), sizesOf(disk.space)];
    const known = before.get(key);
    const joined = known === 'apart' ? false : a === null || b === null ? known === 'joined' : isSame(a, b);
    if (known !== undefined || (a !== null && b !== null)) this.#verdicts.set(key, joined ? 'joined' : 'apart');
    return joined;
  }
}
