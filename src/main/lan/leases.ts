/**
 * Which families remote viewers look at. A viewer's wish lasts as long as its stream; without one it ends after a
 * minute, for nobody tells when a script has gone.
 */
import type { FamilyId } from '../../shared/metrics/index';
import type { Timers } from '../engine/clock';
import type { ViewedFamilies } from '../engine/viewed-families';

/** How long a wish without a stream lasts, ms. */
const LEASE = 60_000;
/** Wishes without a stream kept at the same time; the oldest goes first. */
const MAX_LEASES = 100;

/** Keeps wishes. */
export interface Leases {
  set(caller: string, families: readonly FamilyId[]): void;
  /** The caller's stream has begun: its wish stays until `release`. */
  hold(caller: string): void;
  release(caller: string): void;
  close(): void;
}

/** Builds the keeper over the watches of the whole app. */
export function createLeases(viewedFamilies: ViewedFamilies, timers: Timers): Leases {
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
      const oldest = leases.size >= MAX_LEASES ? leases.keys().next().value : undefined;
      if (oldest !== undefined) forget(oldest);
      leases.set(caller, timers.after(LEASE, () => forget(caller)));
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
