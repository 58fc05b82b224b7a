/** Processes as a person sees them. */
import * as z from 'zod';

/** One process. Missing is null: what this account may not read, or what needs a second look (rates). */
export const processSchema = z.strictObject({
  pid: z.int(),
  /** Tells a process from a later one of the same number: its start in ticks since boot, or the like. */
  key: z.string(),
  name: z.string(),
  /** The command line, cut at 1000 characters. */
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

/** All processes at one time. */
export const processTableSchema = z.strictObject({ time: z.number(), processes: z.array(processSchema).readonly() });
/** All processes at one time. */
export type ProcessTable = z.infer<typeof processTableSchema>;

/** One process of a stored look: only what explains a spike. */
export const topProcessSchema = z.strictObject({ name: z.string(), pid: z.int(), cpu: z.number().nullable(), memory: z.number().nullable() });
/** One process of a stored look. */
export type TopProcess = z.infer<typeof topProcessSchema>;

/** The processes that mattered at one time: of an incident, or of an ordinary minute. */
export const topProcessesSchema = z.strictObject({ time: z.number(), incident: z.string().nullable(), processes: z.array(topProcessSchema).readonly() });
/** The processes that mattered at one time. */
export type TopProcesses = z.infer<typeof topProcessesSchema>;

/** A question for stored looks within [from, to]; those nearest to the middle come first. */
export const topProcessesQuerySchema = z
  .strictObject({ from: z.number().nonnegative(), to: z.number().nonnegative(), limit: z.int().min(1).max(200).default(20) })
  .refine((query) => query.to >= query.from, { message: '"to" must not be before "from"', path: ['to'] });
/** A question for stored looks. */
export type TopProcessesQuery = z.output<typeof topProcessesQuerySchema>;

/** Stored looks, the nearest to the middle of the range first. Processes stand with the busiest first. */
export const topProcessesAnswerSchema = z.array(topProcessesSchema).readonly();
