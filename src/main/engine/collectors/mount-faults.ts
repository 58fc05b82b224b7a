/** Remembers of each mount since when it cannot be read, and its space before. */
import type { MeasuredSpace, MountFault, MountRaw } from './disk';

interface Memory {
  readonly last: MountFault['last'];
  /** Epoch ms; null while it can be read. */
  readonly failedAt: number | null;
}

/** Of the mounts of the latest read; those that are gone are forgotten. */
export class MountFaults {
  #memory: ReadonlyMap<string, Memory> = new Map();

  /** The mounts of one read at `now`, epoch ms, with their faults in time. */
  describe(mounts: readonly MeasuredSpace[], now: number): MountRaw[] {
    const memory = new Map<string, Memory>();
    const described = mounts.map(({ fault, ...mount }): MountRaw => {
      const key = mount.id ?? mount.point;
      if (mount.space !== null || fault === null) {
        memory.set(key, { last: mount.space === null ? null : { space: mount.space, readAt: now }, failedAt: null });
        return { ...mount, fault: null };
      }
      const before = this.#memory.get(key);
      const since = before?.failedAt ?? now;
      const last = before?.last ?? null;
      memory.set(key, { last, failedAt: since });
      return { ...mount, fault: { message: fault, since, last } };
    });
    this.#memory = memory;
    return described;
  }
}
