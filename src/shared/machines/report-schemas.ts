/**
 * What a machine reports to its hub, and what that answers (docs/decisions: the report format). A report continues the copy of
 * the machine's history at the hub where that ends (`from`), so that nothing is stored twice and nothing is left out, whatever
 * was lost between: a hub that is elsewhere says where, and stores nothing.
 */
import * as z from 'zod';
import { ruleSchema } from '../alerts/rule';
import { incidentSchema } from '../alerts/incident';
import { hostSchema } from '../api/schemas';
import { activityEventSchema } from '../timeline/event-schemas';
import { machineIdSchema } from './machine-schemas';

/** Version of the format. A hub accepts this one and the one before. */
export const REPORT_VERSION = 1;

/** Most of each in one report; a report of more is refused as a whole. */
export const REPORT_LIMITS = {
  /** Bytes of a body, and of what it decompresses to. */
  bytes: 1_000_000,
  text: 8_000_000,
  rows: 1000,
  series: 2000,
  events: 500,
  incidents: 200,
} as const;

const time = z.number().nonnegative();

/** What a machine is; sent with the first report of a run, when it changes, and when the hub asks. */
export const aboutSchema = z.object({ host: hostSchema.loose(), rules: z.array(ruleSchema).max(500).readonly() });
/** What a machine is. */
export type ReportedAbout = z.infer<typeof aboutSchema>;

/**
 * Samples as they are stored, column by column: `series[key][i]` is the value of a series at `times[i]`, null for none. `gaps`:
 * the known gaps before rows, by position.
 */
const rowsSchema = z.object({
  times: z.array(time).max(REPORT_LIMITS.rows).readonly(),
  gaps: z.record(z.string().regex(/^\d{1,4}$/), z.enum(['start', 'sleep', 'pause', 'clock', 'stall'])),
  series: z.record(z.string().min(1).max(400), z.array(z.number().nullable()).max(REPORT_LIMITS.rows).readonly()),
});
/** Samples as they are stored, column by column. */
export type ReportedRows = z.infer<typeof rowsSchema>;

/** A report. What it does not name is ignored: an agent may be newer than its hub. */
export const reportSchema = z.object({
  v: z.int(),
  machine: machineIdSchema,
  /** Made anew with each start of the program, and the number of the report in that run, from 1. */
  run: z.string().regex(/^[\w-]{8,40}$/),
  seq: z.int().positive(),
  /** The machine's clock when it was sent, epoch ms, and the id of the start of its system; null where it is not known. */
  sentAt: time,
  boot: z.string().max(100).nullable(),
  state: z.enum(['running', 'paused', 'suspending', 'stopping']),
  about: aboutSchema.nullable(),
  /** All that was read last, as one batch, for what is shown live; checked apart from the rest (`batchSchema`). Null for nothing new. */
  live: z.unknown(),
  /**
   * Time of the row that was added last to the hub's copy, which is not the latest time where the clock was set back; null for
   * none. A run's first report does not know it: it says null, and has neither rows nor events.
   */
  from: time.nullable(),
  rows: rowsSchema,
  /** Milliseconds of samples that remain after these rows. */
  behind: z.number().nonnegative(),
  /** Events after the one with the number `eventsFrom`, oldest first, and incidents as they are now. */
  eventsFrom: z.int().nonnegative().nullable(),
  events: z.array(activityEventSchema).max(REPORT_LIMITS.events).readonly(),
  incidents: z.array(incidentSchema).max(REPORT_LIMITS.incidents).readonly(),
});
/** A report. */
export type Report = z.infer<typeof reportSchema>;

/** What the hub answers. */
export const reportAnswerSchema = z.object({
  /** stored: taken over. elsewhere: nothing of the rows and events was, go on from `from` and `eventsFrom`. */
  result: z.enum(['stored', 'elsewhere']),
  /** Where the copy at the hub ends now: the row and the event that were added last. */
  from: time.nullable(),
  eventsFrom: z.int().nonnegative().nullable(),
  /** Milliseconds until the next report is wanted: 1000 while somebody looks, else 10000. */
  interval: z.number().min(500).max(60_000),
  hubTime: time,
  /** Whether `about` is wanted with the next report. */
  wantsAbout: z.boolean(),
  /** A token that takes the place of the one used; null for none. */
  token: z.string().max(200).nullable(),
});
/** What the hub answers. */
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;

/** Asks to be let in with a code from the hub. */
export const reportJoinSchema = z.object({ code: z.string().regex(/^\d{6}(?:\d{2})?$/), machine: machineIdSchema, name: z.string().max(200), version: z.string().max(60) });
/** A request to join that waits for approval: its id, the secret that proves it, the hub's name, and for how long, ms. */
export const joinPendingSchema = z.object({ id: z.string(), ticket: z.string(), hub: z.string(), expiresIn: z.number() });
/** What became of a request; the token is told once it is approved. */
export const joinStateSchema = z.object({ state: z.enum(['pending', 'approved', 'denied', 'expired']), token: z.string().nullable() });
