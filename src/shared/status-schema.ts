/**
 * The machine's state in one small document, for status pages and scripts. Its words are those status pages commonly
 * use, so they are written with underscores, unlike the rest. Missing is null.
 */
import * as z from 'zod';

const share = z.number().min(0).max(100).nullable();
const amount = z.number().nonnegative().nullable();
const moment = z.iso.datetime();

const memorySchema = z.strictObject({
  total_bytes: amount,
  used_bytes: amount,
  available_bytes: amount,
  /** used ÷ total. */
  usage_percentage: share,
});

const cpuSchema = z.strictObject({
  /** Of all cores together. */
  usage_percentage: share,
  core_count: z.int().positive().nullable(),
  load_average: z.strictObject({ one_minute: amount, five_minute: amount, fifteen_minute: amount }),
});

const networkSchema = z.strictObject({
  /** Totals since the machine started, of the physical interfaces. */
  bytes_sent: amount,
  bytes_received: amount,
  packets_sent: amount,
  packets_received: amount,
  active_connections: amount,
});

/** What status pages show. */
export const statusPageDataSchema = z.strictObject({
  server_metrics: z.strictObject({
    timestamp: moment,
    memory_usage: memorySchema,
    cpu_usage: cpuSchema,
    /** Seconds since the machine started. */
    uptime: amount,
    network_metrics: networkSchema,
  }),
  /** Seconds between two pushes to a viewer that names no interval. */
  collection_interval_seconds: z.int().positive(),
  server_info: z.strictObject({
    hostname: z.string().regex(/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i, 'must be a DNS name'),
    version: z.string().regex(/^\d+\.\d+\.\d+(?:[-+][0-9a-z.+-]+)?$/i, 'must be a semantic version'),
    start_time: moment,
    environment: z.string(),
  }),
});
/** What status pages show. */
export type StatusPageData = z.infer<typeof statusPageDataSchema>;

const collectionErrorSchema = z.strictObject({
  kind: z.enum(['SystemUnavailable', 'PermissionDenied', 'ParseError', 'Timeout']),
  message: z.string(),
});
/** What kept a part from being told. */
export type CollectionError = z.infer<typeof collectionErrorSchema>;

/** Everything, some of it, or the reason why nothing. */
export const statusSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('Ok'), data: statusPageDataSchema }),
  z.strictObject({ status: z.literal('PartialData'), data: statusPageDataSchema, errors: z.array(collectionErrorSchema).readonly() }),
  z.strictObject({ status: z.literal('Error'), error: collectionErrorSchema }),
]);
/** Everything, some of it, or the reason why nothing. */
export type Status = z.infer<typeof statusSchema>;
