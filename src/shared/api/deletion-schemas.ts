/** Schemas of the calls that delete history: what is chosen, and what that would remove. Times are epoch milliseconds. */
import * as z from 'zod';
import { FAMILY_IDS } from '../metrics/index';
import type { FamilyId } from '../metrics/index';

/**
 * What is deleted: everything, everything before a time (rounded down to a quarter of an hour, as history is stored), or
 * everything of one device that is gone.
 */
export const deletionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('before'), time: z.int().min(0).max(8_640_000_000_000_000) }),
  z.strictObject({ kind: z.literal('device'), family: z.enum(FAMILY_IDS as readonly [FamilyId, ...FamilyId[]]), device: z.string().min(1).max(300) }),
]);
/** What is deleted. */
export type Deletion = z.infer<typeof deletionSchema>;

const count = z.int().min(0);

/** What a deletion removes. */
const deletionSizeSchema = z.strictObject({
  /** The time whose history is removed; null where there is none. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Series with history in it. */
  series: count,
  /** Bytes of that history in the file; it shrinks by about as much. */
  bytes: z.number().nonnegative(),
  events: count,
  /** Resolved alerts. Open ones stay. */
  alerts: count,
  /** Process snapshots; a row in the file has those of up to an hour. */
  snapshots: count,
});
/** What a deletion removes. */
export type DeletionSize = z.infer<typeof deletionSizeSchema>;

/** A device with history and without a sample in the last half hour. */
const goneDeviceSchema = z.strictObject({
  family: z.enum(FAMILY_IDS as readonly [FamilyId, ...FamilyId[]]),
  device: z.string(),
  /** Start of the UTC day of its newest sample; 0 where that is not known. */
  last: z.number(),
});
/** A device with history and without a sample in the last half hour. */
export type GoneDevice = z.infer<typeof goneDeviceSchema>;

/** Answer to "what would this delete?". */
export const deletionPreviewSchema = z.strictObject({
  size: deletionSizeSchema,
  /** Devices that could be deleted, the longest gone first. */
  devices: z.array(goneDeviceSchema).readonly(),
  /** Other files with history in the data folder, which stay: damaged or replaced ones. */
  copies: count,
});
/** Answer to "what would this delete?". */
export type DeletionPreview = z.infer<typeof deletionPreviewSchema>;
