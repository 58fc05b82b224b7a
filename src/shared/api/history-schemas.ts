/** Zod schemas of what the history's tools take and give: holes, estimates, exports, backups. */
import * as z from 'zod';

const inOrder = { message: '"to" must be after "from"', path: ['to'] };

/** A question for the known holes of a range. */
export const gapsQuerySchema = z
  .strictObject({ from: z.number().nonnegative(), to: z.number().nonnegative() })
  .refine((query) => query.to > query.from, inOrder);

/** Known holes, in order. */
export const gapsResponseSchema = z
  .array(z.strictObject({ from: z.number(), to: z.number(), reason: z.enum(['start', 'sleep', 'pause', 'clock', 'stall']) }))
  .readonly();

/** Longest text of a file a view may save, characters: a picture or what a page shows, not a history. */
const MAX_FILE = 24 * 1024 * 1024;

/** A file a view made. */
export const saveFileSchema = z.strictObject({
  name: z.string().min(1).max(160),
  encoding: z.enum(['utf8', 'base64']),
  data: z.string().max(MAX_FILE),
});

/** Where a file was put; null when the person thought better of it. */
export const savedSchema = z.strictObject({ path: z.string().nullable() });

/** What to export; everything where nothing is said. */
export const exportSchema = z
  .strictObject({
    format: z.enum(['csv', 'json']),
    series: z.array(z.string().min(1).max(400)).max(5000).exactOptional(),
    from: z.number().nonnegative().exactOptional(),
    to: z.number().nonnegative().exactOptional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || to > from, inOrder);

/** Number of a started task; null when the person closed the dialog. */
export const startedSchema = z.strictObject({ id: z.int().nullable() });

/** How a long piece of work stands. */
export const taskSchema = z.strictObject({
  id: z.int(),
  kind: z.enum(['export', 'backup', 'restore']),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** 0–1. */
  done: z.number().min(0).max(1),
  bytes: z.number().nonnegative(),
  /** The file that is written or read. */
  path: z.string(),
  /** What came of it, for a person; empty while it runs. */
  message: z.string(),
});

/** How a long piece of work stands. */
export type TaskState = z.infer<typeof taskSchema>;
