/** The alert state that is kept over a restart: snoozes, the delivery state of each open incident, and missed alerts. */
import * as z from 'zod';
import { incidentSeveritySchema } from '../../shared/alerts/rule';
import { snoozeSchema } from '../../shared/alerts/snooze';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';

/** The keys are those of alerts.json. */
const deliverySchema = z.strictObject({
  /** Notified, finally suppressed, or a missed alert; false while the notification is waiting. */
  decided: z.boolean(),
  /** The desktop showed a notification. */
  announced: z.boolean(),
  /** Sent to webhooks. */
  sent: z.boolean(),
  acknowledged: z.strictObject({ at: z.number(), severity: incidentSeveritySchema }).nullable(),
});
/** What was delivered of an open incident. */
export type DeliveryState = z.infer<typeof deliverySchema>;

const missedSchema = z.strictObject({
  incidentId: z.string().max(600),
  title: z.string().max(600),
  severity: incidentSeveritySchema,
  clearedAt: z.number().nullable(),
  /** True when the desktop refused the notification; absent when it was suppressed. */
  refused: z.boolean().optional(),
});
/** An alert that was suppressed or refused at its time and is listed in the next digest. */
export type MissedAlert = z.infer<typeof missedSchema>;

const stateSchema = z.strictObject({
  version: z.literal(1),
  snoozes: z.array(snoozeSchema),
  incidents: z.record(z.string(), deliverySchema),
  missed: z.array(missedSchema),
});
type StoredAlertState = z.infer<typeof stateSchema>;

/** Changes within this time are written to the file once, ms: many alerts may fire together. */
const SAVE_DELAY = 1000;
/** Largest number of missed alerts that is stored; the digest lists a few and counts the rest. */
const MAX_MISSED = 500;

/** The alert state, stored a moment after each change. */
export interface AlertStateStore {
  snoozes(): StoredAlertState['snoozes'];
  /** Stored at once: it is a command of the user. */
  setSnoozes(snoozes: StoredAlertState['snoozes']): void;
  /** What was delivered of an incident; null when nothing was. */
  delivery(id: string): DeliveryState | null;
  setDelivery(id: string, change: Partial<DeliveryState>): void;
  /** Removes the delivery state of an incident. */
  forget(id: string): void;
  /** Removes the delivery state of all other incidents. */
  keepOnly(ids: ReadonlySet<string>): void;
  missed(): readonly MissedAlert[];
  setMissed(missed: readonly MissedAlert[]): void;
  /** Writes pending changes now. */
  save(): void;
}

/** What the store needs. */
export interface AlertStateStoreParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly log: Log;
}

const NOTHING: StoredAlertState = { version: 1, snoozes: [], incidents: {}, missed: [] };
const NEVER_DELIVERED: DeliveryState = { decided: false, announced: false, sent: false, acknowledged: null };

/** Opens the store; an invalid file is quarantined. */
export function openAlertStateStore({ timers, ...file }: AlertStateStoreParts): AlertStateStore {
  const state = openStateFile({ ...file, schema: stateSchema, initial: NOTHING });
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
  const removeWhere = (isRemoved: (id: string) => boolean): void => {
    const all = Object.entries(current.incidents);
    const rest = all.filter(([id]) => !isRemoved(id));
    if (rest.length < all.length) change({ incidents: Object.fromEntries(rest) });
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
      const isChange = before === undefined || Object.entries(delivery).some(([field, value]) => before[field as keyof DeliveryState] !== value);
      if (isChange) change({ incidents: { ...current.incidents, [id]: { ...NEVER_DELIVERED, ...before, ...delivery } } });
    },
    forget: (id) => removeWhere((other) => other === id),
    keepOnly: (ids) => removeWhere((id) => !ids.has(id)),
    missed: () => current.missed,
    setMissed: (missed) => change({ missed: missed.slice(-MAX_MISSED) }),
    save,
  };
}
