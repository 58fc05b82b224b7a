/** What the desk remembers over a restart: snoozes, what was told of each open incident, and what was missed. */
import * as z from 'zod';
import { incidentSeveritySchema } from '../../shared/alerts/rule';
import { snoozeSchema } from '../../shared/alerts/snooze';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';

/** What was told of an open incident. */
const deliverySchema = z.strictObject({
  /** Shown, or not for a reason that stands; false while it waits to be shown. */
  decided: z.boolean(),
  announced: z.boolean(),
  /** To webhooks. */
  sent: z.boolean(),
  acknowledged: z.strictObject({ at: z.number(), severity: incidentSeveritySchema }).nullable(),
});
/** What was told of an open incident. */
export type DeliveryState = z.infer<typeof deliverySchema>;

const missedSchema = z.strictObject({
  incidentId: z.string().max(600),
  title: z.string().max(600),
  severity: incidentSeveritySchema,
  clearedAt: z.number().nullable(),
});
/** An alert that was not shown at its time and is told afterwards. */
export type MissedAlert = z.infer<typeof missedSchema>;

const memorySchema = z.strictObject({
  version: z.literal(1),
  snoozes: z.array(snoozeSchema),
  incidents: z.record(z.string(), deliverySchema),
  missed: z.array(missedSchema),
});
type StoredAlertState = z.infer<typeof memorySchema>;

/** Milliseconds in which the steps of a storm are written once, and not one by one. */
const SAVE_DELAY = 1000;
/** The digest lists few and counts the rest; more than this is not kept. */
const MOST_MISSED = 500;

/** The desk's memory. */
export interface AlertStateStore {
  snoozes(): StoredAlertState['snoozes'];
  /** Saved at once: a person asked for it. */
  setSnoozes(snoozes: StoredAlertState['snoozes']): void;
  /** What was told of an incident; null when nothing was. */
  delivery(id: string): DeliveryState | null;
  setDelivery(id: string, change: Partial<DeliveryState>): void;
  forget(id: string): void;
  /** Drops what it knows of any other incident. */
  keepOnly(ids: ReadonlySet<string>): void;
  missed(): readonly MissedAlert[];
  setMissed(missed: readonly MissedAlert[]): void;
  /** Writes what is not written yet. */
  save(): void;
}

/** What the memory needs. */
export interface AlertStateStoreParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly log: Log;
}

const NOTHING: StoredAlertState = { version: 1, snoozes: [], incidents: {}, missed: [] };
const NEVER_DELIVERED: DeliveryState = { decided: false, announced: false, sent: false, acknowledged: null };

/** Opens the memory; a file that is not valid is set aside. */
export function openAlertStateStore({ timers, ...file }: AlertStateStoreParts): AlertStateStore {
  const state = openStateFile({ ...file, schema: memorySchema, initial: NOTHING });
  let current = state.get();
  let cancel: (() => void) | null = null;
  const save = (): void => {
    cancel?.();
    cancel = null;
    if (current !== state.get()) state.put(current);
  };
  const change = (next: Partial<StoredAlertState>): void => {
    current = { ...current, ...next };
    cancel ??= timers.after(SAVE_DELAY, save);
  };
  const drop = (isGone: (id: string) => boolean): void => {
    const all = Object.entries(current.incidents);
    const kept = all.filter(([id]) => !isGone(id));
    if (kept.length < all.length) change({ incidents: Object.fromEntries(kept) });
  };
  return {
    snoozes: () => current.snoozes,
    setSnoozes(snoozes) {
      change({ snoozes });
      save();
    },
    delivery: (id) => (Object.hasOwn(current.incidents, id) ? (current.incidents[id] ?? null) : null),
    setDelivery(id, delivery) {
      const before = current.incidents[id];
      const isNews = before === undefined || Object.entries(delivery).some(([field, value]) => before[field as keyof DeliveryState] !== value);
      if (isNews) change({ incidents: { ...current.incidents, [id]: { ...NEVER_DELIVERED, ...before, ...delivery } } });
    },
    forget: (id) => drop((other) => other === id),
    keepOnly: (ids) => drop((id) => !ids.has(id)),
    missed: () => current.missed,
    setMissed: (missed) => change({ missed: missed.slice(-MOST_MISSED) }),
    save,
  };
}
