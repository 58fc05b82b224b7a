/**
 * Metric families that remote clients display, which are read at the faster interval. A client's families count as long as
 * its stream is open; without a stream they count for a minute, since nothing reports that a script has ended.
 */
import type { FamilyId } from '../../shared/metrics/index';
import type { Timers } from '../engine/clock';
import type { ViewedFamilies } from '../engine/viewed-families';

/** How long families count without a stream, ms. */
const LEASE_DURATION = 60_000;
/** Callers without a stream at the same time, in all and of one identity; the oldest is dropped first, of that identity where it has too many. */
const MAX_LEASES = 100;
const MAX_LEASES_PER_IDENTITY = 16;

/** The identity of a caller id, which also names a tab (`callerId`). */
function identityOf(caller: string): string {
  return caller.split(':').slice(0, 2).join(':');
}

/** Sets and ends the viewed families of callers. */
export interface ViewedFamilyLeases {
  set(caller: string, families: readonly FamilyId[]): void;
  /** The caller's stream has begun: its families count until `release`. */
  hold(caller: string): void;
  release(caller: string): void;
  close(): void;
}

/** Creates the leases over the viewed families of the whole app. */
export function createViewedFamilyLeases(viewedFamilies: ViewedFamilies, timers: Timers): ViewedFamilyLeases {
  const held = new Set<string>();
  const leases = new Map<string, () => void>();
  const end = (caller: string): void => {
    leases.get(caller)?.();
    leases.delete(caller);
  };
  const forget = (caller: string): void => {
    end(caller);
    viewedFamilies.drop(caller);
  };
  return {
    set(caller, families) {
      end(caller);
      viewedFamilies.set(caller, families);
      if (held.has(caller)) return;
      const own = [...leases.keys()].filter((other) => identityOf(other) === identityOf(caller));
      const oldest = own.length >= MAX_LEASES_PER_IDENTITY ? own[0] : leases.size >= MAX_LEASES ? leases.keys().next().value : undefined;
      if (oldest !== undefined) forget(oldest);
      leases.set(caller, timers.after(LEASE_DURATION, () => forget(caller)));
    },
    hold(caller) {
      held.add(caller);
      end(caller);
    },
    release(caller) {
      if (held.delete(caller)) viewedFamilies.drop(caller);
    },
    close() {
      for (const caller of [...held, ...leases.keys()]) forget(caller);
      held.clear();
    },
  };
}
