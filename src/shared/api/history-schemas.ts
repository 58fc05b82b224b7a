/** Schemas of the calls about the history as a whole: gaps, export, backup, restore. */
import * as z from 'zod';

const inOrder = { message: '"to" must be after "from"', path: ['to'] };

/** Query for the known gaps of a range. */
export const gapsQuerySchema = z
  .strictObject({ from: z.number().nonnegative(), to: z.number().nonnegative() })
  .refine((query) => query.to > query.from, inOrder);

/** Known gaps, in order of time. */
export const gapsResponseSchema = z
  .array(z.strictObject({ from: z.number(), to: z.number(), reason: z.enum(['start', 'sleep', 'pause', 'clock', 'stall']) }))
  .readonly();

/** Largest file the page may save, characters: a picture or displayed data, not a history. */
const MAX_FILE = 24 * 1024 * 1024;

/** A file created by the page. */
export const saveFileSchema = z.strictObject({
  name: z.string().min(1).max(160),
  encoding: z.enum(['utf8', 'base64']),
  data: z.string().max(MAX_FILE),
});

/** Path of the saved file; null when the dialog was cancelled. */
export const savedSchema = z.strictObject({ path: z.string().nullable() });

/** What to export; everything by default. */
export const exportSchema = z
  .strictObject({
    format: z.enum(['csv', 'json']),
    series: z.array(z.string().min(1).max(400)).max(5000).exactOptional(),
    from: z.number().nonnegative().exactOptional(),
    to: z.number().nonnegative().exactOptional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || to > from, inOrder);

/** Id of the started task; null when the dialog was cancelled. */
export const startedSchema = z.strictObject({ id: z.int().nullable() });

/** State of a background task. */
export const taskSchema = z.strictObject({
  id: z.int(),
  kind: z.enum(['export', 'backup', 'restore', 'delete', 'measure']),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** 0–1; 0 also while a measurement cannot know. */
  done: z.number().min(0).max(1),
  bytes: z.number().nonnegative(),
  /** Files counted so far, by a measurement. */
  files: z.int().nonnegative().exactOptional(),
  /** The file being written or read, or the id of the engine that is measured. */
  path: z.string(),
  /** The result, to display; empty while it runs. */
  message: z.string(),
});

/** State of a background task. */
export type TaskState = z.infer<typeof taskSchema>;
