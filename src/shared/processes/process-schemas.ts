/** Schemas of the process table and of stored process snapshots. */
import * as z from 'zod';
import { MOST_PROCESSES, PROCESS_COLUMNS } from './process-columns';

/** One process. Null: not permitted to read, or a rate that needs a second snapshot. */
const processSchema = z.strictObject({
  pid: z.int(),
  /** Distinguishes a process from a later one with the same id; made from its start time. */
  key: z.string(),
  name: z.string(),
  /** Command line, cut to 1000 characters; null if there is none, and for viewers, because it may contain secrets. */
  command: z.string().nullable(),
  user: z.string().nullable(),
  /** Percent of one core since the previous snapshot. */
  cpu: z.number().nullable(),
  /** Resident memory, including shared memory, bytes. */
  memory: z.number().nullable(),
  /** Bytes per second read from and written to disks; null if not permitted. */
  read: z.number().nullable(),
  written: z.number().nullable(),
  /** Epoch milliseconds. */
  startedAt: z.number().nullable(),
  /** Name of the container it runs in; null outside of one. */
  container: z.string().nullable(),
});
/** One process. */
export type ProcessInfo = z.infer<typeof processSchema>;

/** Selects the rows of the process table. */
export const processesQuerySchema = z.strictObject({
  /** Words that must each occur in the name, the user, the command line, the container's name or at the start of the process id. */
  search: z.string().max(200).default(''),
  sort: z.enum(PROCESS_COLUMNS).default('cpu'),
  descending: z.boolean().default(true),
  limit: z.int().min(1).max(MOST_PROCESSES).default(100),
});
/** Selects the rows of the process table. */
export type ProcessesQuery = z.output<typeof processesQuerySchema>;

/** Rows of the process table at one time. */
export const processTableSchema = z.strictObject({
  time: z.number(),
  /** Seconds between the two reads that CPU and disk rates are an average of; null where there was no earlier read, and no rates. */
  ratesOver: z.number().nullable(),
  /** Number of all processes, and of those that match the search. */
  total: z.int(),
  matching: z.int(),
  processes: z.array(processSchema).readonly(),
});
/** Rows of the process table at one time. */
export type ProcessTable = z.infer<typeof processTableSchema>;

/** One process of a stored snapshot. */
const topProcessSchema = z.strictObject({
  name: z.string(),
  pid: z.int(),
  cpu: z.number().nullable(),
  memory: z.number().nullable(),
  /** Name of its container; absent outside of one, in snapshots of each minute, and in those of earlier versions. */
  container: z.string().exactOptional(),
});
/** One process of a stored snapshot. */
export type TopProcess = z.infer<typeof topProcessSchema>;

/** A stored snapshot of the top processes: of an incident (its id), or of a minute (null). */
const topProcessesSchema = z.strictObject({ time: z.number(), incident: z.string().nullable(), processes: z.array(topProcessSchema).readonly() });
/** A stored snapshot of the top processes. */
export type TopProcesses = z.infer<typeof topProcessesSchema>;

/** Query for stored snapshots within [from, to]; those nearest to its middle come first. */
export const topProcessesQuerySchema = z
  .strictObject({ from: z.number().nonnegative(), to: z.number().nonnegative(), limit: z.int().min(1).max(200).default(20) })
  .refine((query) => query.to >= query.from, { message: '"to" must not be before "from"', path: ['to'] });
/** Query for stored snapshots. */
export type TopProcessesQuery = z.output<typeof topProcessesQuerySchema>;

/** Stored snapshots, nearest to the middle of the range first; processes busiest first. */
export const processSnapshotsResponseSchema = z.array(topProcessesSchema).readonly();
