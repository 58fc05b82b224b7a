/**
 * Room `shared/machines`: the machines that one Traywatch watches, itself included, as the page shows them; how machines
 * report; and which calls can be about another machine. May import only src/shared and zod; everything may import it.
 */
import * as z from 'zod';
import { incidentSeveritySchema } from '../alerts/rule';
import { toPlainName } from '../sharing/auth-policy';
import { THIS_MACHINE } from './this-machine';

/** Id of a machine that reports: random, made at its first start, kept in its data folder. */
export const machineIdSchema = z.string().regex(/^[0-9a-f]{32}$/, 'not the id of a machine');

/**
 * live: reports arrive. late: none for 30 s. away: none for 2 min. asleep, stopped: announced before they ended. paused: its
 * user paused monitoring. catchingUp: live, and older samples are still on their way. revoked: it may not report any more.
 */
const MACHINE_STATES = ['live', 'catchingUp', 'late', 'away', 'asleep', 'stopped', 'paused', 'revoked'] as const;
const machineStateSchema = z.enum(MACHINE_STATES);
/** State of a machine, as its hub knows it. */
export type MachineState = z.infer<typeof machineStateSchema>;

const value = z.number().nullable();
const time = z.number();

/** Percent each; null where unknown. disk: the fullest mount. */
const usageSchema = z.strictObject({ cpu: value, memory: value, disk: value });

/** What is set for a machine at the hub. */
export const machineSettingsSchema = z.strictObject({
  name: z.string().max(400).overwrite(toPlainName).refine((name) => name !== '', 'Enter a name'),
  /** Groups of the grid. */
  tags: z.array(z.string().max(200).overwrite(toPlainName).refine((tag) => tag !== '', 'Enter a tag')).max(8).readonly(),
  /** It should be there all the time: silence is an incident. */
  alwaysOn: z.boolean(),
  /** Minutes of silence after which that is an incident. */
  silentMinutes: z.int().min(2).max(1440),
  /** Days for which its history is kept here, and the size it may have, bytes; null for no limit. */
  keepDays: z.int().min(1).max(3650),
  maxBytes: z.number().min(10_000_000).nullable(),
});
/** What is set for a machine at the hub. */
export type MachineSettings = z.infer<typeof machineSettingsSchema>;

/** A machine as its card shows it. Times are epoch ms of the hub's clock. */
const machineSchema = z.strictObject({
  id: z.union([z.literal(THIS_MACHINE), machineIdSchema]),
  state: machineStateSchema,
  /** Null for the machine Traywatch itself runs on. */
  settings: machineSettingsSchema.nullable(),
  /** The name set for it, or its own. */
  name: z.string(),
  hostname: z.string(),
  os: z.string(),
  version: z.string(),
  /** How its version relates to the hub's. */
  age: z.enum(['same', 'older', 'newer']),
  /** When the last report arrived, and the time of its latest sample; null before the first. */
  reportedAt: time.nullable(),
  sampledAt: time.nullable(),
  /** Milliseconds of history that are still on their way; null where that is not known. */
  behind: z.number().nonnegative().nullable(),
  /** Milliseconds that its clock is ahead of the hub's, where it is more than five seconds off; else null. */
  clockOff: z.number().nullable(),
  usage: usageSchema,
  /** Usage over the last five minutes, a value for each ten seconds, the latest last; null in pushed lists. */
  spark: z.strictObject({ cpu: z.array(value).readonly(), memory: z.array(value).readonly(), disk: z.array(value).readonly() }).nullable(),
  /** Open incidents, and the worst of them. */
  open: z.int().nonnegative(),
  worst: z.strictObject({ severity: incidentSeveritySchema, title: z.string(), path: z.string() }).nullable(),
  /** Why it is revoked, or what it was refused for; null for nothing. */
  problem: z.string().nullable(),
  /** Bytes of its history here. */
  bytes: z.number().nullable(),
});
/** A machine as its card shows it. */
export type MachineSummary = z.infer<typeof machineSchema>;

/** All machines, this one first. */
export const machineListSchema = z.array(machineSchema).readonly();

/** How this machine reports to a hub. */
export const reportingSchema = z.discriminatedUnion('state', [
  /** `reason`: why joining came to nothing; absent where nobody tried. */
  z.strictObject({ state: z.literal('off'), reason: z.string().exactOptional() }),
  /** The hub was found: its certificate has to be compared. */
  z.strictObject({ state: z.literal('confirm'), url: z.string(), hub: z.string(), fingerprint: z.string() }),
  /** Approval at the hub is waited for. */
  z.strictObject({ state: z.literal('joining'), url: z.string(), hub: z.string(), fingerprint: z.string() }),
  z.strictObject({
    state: z.enum(['reporting', 'catchingUp', 'retrying', 'refused']),
    url: z.string(),
    hub: z.string(),
    fingerprint: z.string(),
    /** When a report last arrived, epoch ms; null before the first. */
    reportedAt: time.nullable(),
    /** Milliseconds of history that are still to be sent. */
    behind: z.number().nonnegative(),
    /** Why it is tried again or not tried any more; null while all is well. */
    reason: z.string().nullable(),
  }),
]);
/** How this machine reports to a hub. */
export type Reporting = z.infer<typeof reportingSchema>;

/** Joins a hub. Without a fingerprint its certificate is fetched and told, and nothing is sent. */
export const joinSchema = z.strictObject({ url: z.string().min(1).max(400), code: z.string().regex(/^\d{6}(?:\d{2})?$/, 'six or eight digits'), fingerprint: z.string().max(200).nullable() });
