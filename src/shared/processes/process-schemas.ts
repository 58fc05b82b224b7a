/** Processes as a person sees them. */
import * as z from 'zod';
import { MOST_PROCESSES, PROCESS_COLUMNS } from './process-columns';

/** One process. Missing is null: what this account may not read, or what needs a second look (rates). */
const processSchema = z.strictObject({
  pid: z.int(),
  /** Tells a process from a later one of the same number: its start in ticks since boot, or the like. */
  key: z.string(),
  name: z.string(),
  /** The command line, cut at 1000 characters; null for one that has none, and for viewers: it may hold secrets. */
  command: z.string().nullable(),
  user: z.string().nullable(),
  /** Percent of one core since the last look. */
  cpu: z.number().nullable(),
  /** Bytes of memory the process holds for itself and shares (resident set). */
  memory: z.number().nullable(),
  /** Bytes per second to and from disks; null where not permitted. */
  read: z.number().nullable(),
  written: z.number().nullable(),
  /** Epoch milliseconds. */
  startedAt: z.number().nullable(),
});
/** One process. */
export type ProcessInfo = z.infer<typeof processSchema>;

/** Which processes a view shows: there may be ten thousand, and nobody reads them. */
export const processesQuerySchema = z.strictObject({
  /** Words each of which must be found in the name, the user, the command line or at the start of the number. */
  search: z.string().max(200).default(''),
  sort: z.enum(PROCESS_COLUMNS).default('cpu'),
  descending: z.boolean().default(true),
  limit: z.int().min(1).max(MOST_PROCESSES).default(100),
});
/** Which processes a view shows. */
export type ProcessesQuery = z.output<typeof processesQuerySchema>;

/** Processes at one time, as asked for. */
export const processTableSchema = z.strictObject({
  time: z.number(),
  /** How many there are, and how many of them the search finds. */
  total: z.int(),
  matching: z.int(),
  processes: z.array(processSchema).readonly(),
});
/** Processes at one time, as asked for. */
export type ProcessTable = z.infer<typeof processTableSchema>;

/** One process of a stored look: only what explains a spike. */
const topProcessSchema = z.strictObject({ name: z.string(), pid: z.int(), cpu: z.number().nullable(), memory: z.number().nullable() });
/** One process of a stored look. */
export type TopProcess = z.infer<typeof topProcessSchema>;

/** The processes that mattered at one time: of an incident, or of an ordinary minute. */
const topProcessesSchema = z.strictObject({ time: z.number(), incident: z.string().nullable(), processes: z.array(topProcessSchema).readonly() });
/** The processes that mattered at one time. */
export type TopProcesses = z.infer<typeof topProcessesSchema>;

/** A question for stored looks within [from, to]; those nearest to the middle come first. */
export const topProcessesQuerySchema = z
  .strictObject({ from: z.number().nonnegative(), to: z.number().nonnegative(), limit: z.int().min(1).max(200).default(20) })
  .refine((query) => query.to >= query.from, { message: '"to" must not be before "from"', path: ['to'] });
/** A question for stored looks. */
export type TopProcessesQuery = z.output<typeof topProcessesQuerySchema>;

/** Stored looks, the nearest to the middle of the range first. Processes stand with the busiest first. */
export const processSnapshotsResponseSchema = z.array(topProcessesSchema).readonly();
