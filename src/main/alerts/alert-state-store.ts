/** What the desk remembers over a restart: snoozes, what was told of each open incident, and what was missed. */
import * as z from 'zod';
import { incidentSeveritySchema } from '../../shared/alerts/rule';
import { snoozeSchema } from '../../shared/alerts/snooze';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';

/** What was told of an open incident. */
const toldSchema = z.strictObject({
  /** Shown, or not for a reason that stands; false while it waits to be shown. */
  decided: z.boolean(),
  announced: z.boolean(),
  /** To webhooks. */
  sent: z.boolean(),
  acknowledged: z.strictObject({ at: z.number(), severity: incidentSeveritySchema }).nullable(),
});
/** What was told of an open incident. */
export type Told = z.infer<typeof toldSchema>;

const missedSchema = z.strictObject({
  incidentId: z.string().max(600),
  title: z.string().max(600),
  severity: incidentSeveritySchema,
  clearedAt: z.number().nullable(),
});
/** An alert that was not shown at its time and is told afterwards. */
export type Missed = z.infer<typeof missedSchema>;

const memorySchema = z.strictObject({
  version: z.literal(1),
  snoozes: z.array(snoozeSchema),
  incidents: z.record(z.string(), toldSchema),
  missed: z.array(missedSchema),
});
type Remembered = z.infer<typeof memorySchema>;

/** Milliseconds in which the steps of a storm are written once, and not one by one. */
const SAVE_DELAY = 1000;
/** The digest lists few and counts the rest; more than this is not kept. */
const MOST_MISSED = 500;

/** The desk's memory. */
export interface DeskMemory {
  snoozes(): Remembered['snoozes'];
  /** Saved at once: a person asked for it. */
  setSnoozes(snoozes: Remembered['snoozes']): void;
  /** What was told of an incident; null when nothing was. */
  told(id: string): Told | null;
  tell(id: string, change: Partial<Told>): void;
  forget(id: string): void;
  /** Drops what it knows of any other incident. */
  keepOnly(ids: ReadonlySet<string>): void;
  missed(): readonly Missed[];
  setMissed(missed: readonly Missed[]): void;
  /** Writes what is not written yet. */
  save(): void;
}

/** What the memory needs. */
export interface DeskMemoryParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly log: Log;
}

const NOTHING: Remembered = { version: 1, snoozes: [], incidents: {}, missed: [] };
const UNTOLD: Told = { decided: false, announced: false, sent: false, acknowledged: null };

/** Opens the memory; a file that is not valid is set aside. */
export function openDeskMemory({ timers, ...file }: DeskMemoryParts): DeskMemory {
  const state = openStateFile({ ...file, schema: memorySchema, initial: NOTHING });
  let current = state.get();
  let cancel: (() => void) | null = null;
  const save = (): void => {
    cancel?.();
    cancel = null;
    if (current !== state.get()) state.put(current);
  };
  const change = (next: Partial<Remembered>): void => {
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
    told: (id) => (Object.hasOwn(current.incidents, id) ? (current.incidents[id] ?? null) : null),
    tell(id, told) {
      const before = current.incidents[id];
      const isNews = before === undefined || Object.entries(told).some(([field, value]) => before[field as keyof Told] !== value);
      if (isNews) change({ incidents: { ...current.incidents, [id]: { ...UNTOLD, ...before, ...told } } });
    },
    forget: (id) => drop((other) => other === id),
    keepOnly: (ids) => drop((id) => !ids.has(id)),
    missed: () => current.missed,
    setMissed: (missed) => change({ missed: missed.slice(-MOST_MISSED) }),
    save,
  };
}
