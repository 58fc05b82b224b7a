/** What is remembered about updates over restarts: when it was asked, and the answer as it came, to be checked again. */
import * as z from 'zod';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';
import type { StateFile } from '../lib/state-file';
import { MAX_DOCUMENT_BYTES } from './update-document';

const time = z.number().nonnegative().nullable();

const stateSchema = z.strictObject({
  /** The last answer that was believed, whole; it is verified again when it is read. */
  document: z.string().max(MAX_DOCUMENT_BYTES).nullable(),
  /** When that was; when to ask next. Epoch ms. */
  checkedAt: time,
  nextAt: time,
  /** Checks in a row that failed. */
  failures: z.int().nonnegative(),
  /** The version that is in the timeline. */
  announced: z.string().max(100).nullable(),
});

/** What is remembered. */
export type UpdateState = z.infer<typeof stateSchema>;

/** Opens the file. What is not valid in it is not worth keeping. */
export function openUpdateState(path: string, log: Log): StateFile<UpdateState> {
  return openStateFile<UpdateState>({ path, schema: stateSchema, initial: { document: null, checkedAt: null, nextAt: null, failures: 0, announced: null }, clock: null, log });
}
