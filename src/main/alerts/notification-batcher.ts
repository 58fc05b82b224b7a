/** Holds notifications back for a moment, so that several can be shown as one (Alertmanager: group_wait). */
import type { Clock, Timers } from '../engine/clock';
import { dueAt, flush, join, NO_GROUP, withdraw } from '../engine/alerts/grouping';
import type { Batched, NotificationGroup, GroupOutcome } from '../engine/alerts/grouping';

/** Batches notifications of one kind. */
export interface NotificationBatcher<T> {
  join(item: T): void;
  /** Removes and returns one that was not shown yet; null where there is none. */
  withdraw(key: string): T | null;
  stop(): void;
}

/** `show` is called with the notifications that are due. */
export function createNotificationBatcher<T extends Batched>(clock: Pick<Clock, 'mono'>, timers: Timers, show: (outcome: GroupOutcome<T>) => void): NotificationBatcher<T> {
  let group: NotificationGroup<T> = NO_GROUP;
  let cancel: (() => void) | null = null;
  const arm = (): void => {
    cancel?.();
    const due = dueAt(group);
    cancel = due === null ? null : timers.after(Math.max(0, due - clock.mono()), showDue);
  };
  const showDue = (): void => {
    const flushed = flush(group, clock.mono());
    ({ group } = flushed);
    arm();
    show(flushed.outcome);
  };
  return {
    join(item) {
      group = join(group, item, clock.mono());
      arm();
    },
    withdraw(key) {
      const found = group.waiting.find(({ item }) => item.key === key)?.item ?? null;
      group = withdraw(group, key);
      arm();
      return found;
    },
    stop: () => cancel?.(),
  };
}
