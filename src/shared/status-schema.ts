/**
 * The state of the machine as a small document, for status pages and scripts. Field names follow the convention of status
 * pages: with underscores, unlike the rest of the API. Missing is null.
 */
import * as z from 'zod';
import { levelSchema, severitySchema } from './alerts/severity-schemas';

const share = z.number().min(0).max(100).nullable();
const amount = z.number().nonnegative().nullable();
const dateTime = z.iso.datetime();

const memorySchema = z.strictObject({
  total_bytes: amount,
  used_bytes: amount,
  available_bytes: amount,
  /** used ÷ total. */
  usage_percentage: share,
  severity: severitySchema,
  level: levelSchema,
});

const cpuSchema = z.strictObject({
  /** Over all cores. */
  usage_percentage: share,
  severity: severitySchema,
  level: levelSchema,
  core_count: z.int().positive().nullable(),
  load_average: z.strictObject({ one_minute: amount, five_minute: amount, fifteen_minute: amount }),
});

const diskSchema = z.strictObject({
  /** Of the fullest mount. */
  usage_percentage: share,
  severity: severitySchema,
  level: levelSchema,
});

const networkSchema = z.strictObject({
  /** Totals over the physical interfaces since boot, unless one was reset, connected or removed: see countedSince of a family. */
  bytes_sent: amount,
  bytes_received: amount,
  packets_sent: amount,
  packets_received: amount,
  active_connections: amount,
});

const serviceUptimeSchema = z.strictObject({
  /** Of the time that was measured; null where nothing was, or while it is being found. */
  percentage: share,
  /** How much of the range was measured: the app ran, the machine was awake with a network, no maintenance. Null while it is being found. */
  measured_percentage: share,
});
/** The uptime of a service over one range. */
export type ServiceUptime = z.infer<typeof serviceUptimeSchema>;

const serviceUptimesSchema = z.strictObject({ last_24_hours: serviceUptimeSchema, last_30_days: serviceUptimeSchema });
/** The uptime of a service. */
export type ServiceUptimes = z.infer<typeof serviceUptimesSchema>;

const serviceSchema = z.strictObject({
  name: z.string(),
  /** Null while it is not measured. */
  up: z.boolean().nullable(),
  /** Of the last probe; null if that failed. */
  latency_ms: amount,
  /** Up to a minute old over 24 hours, and up to a quarter of an hour over 30 days, where the document is read that often. */
  uptime: serviceUptimesSchema,
});

/** The complete state of the machine. */
export const statusPageDataSchema = z.strictObject({
  server_metrics: z.strictObject({
    timestamp: dateTime,
    memory_usage: memorySchema,
    cpu_usage: cpuSchema,
    disk_usage: diskSchema,
    /** Seconds since boot. */
    uptime: amount,
    network_metrics: networkSchema,
  }),
  /** What is probed; absent where nothing is. */
  services: z.array(serviceSchema).exactOptional(),
  /** Of the machine. */
  severity: severitySchema,
  open_alerts: z.int().nonnegative(),
  /** Default interval of live updates, seconds. */
  collection_interval_seconds: z.int().positive(),
  server_info: z.strictObject({
    hostname: z.string().regex(/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i, 'must be a DNS name'),
    version: z.string().regex(/^\d+\.\d+\.\d+(?:[-+][0-9a-z.+-]+)?$/i, 'must be a semantic version'),
    start_time: dateTime,
    environment: z.string(),
  }),
});
/** The complete state of the machine. */
export type StatusPageData = z.infer<typeof statusPageDataSchema>;

const collectionErrorSchema = z.strictObject({
  kind: z.enum(['SystemUnavailable', 'PermissionDenied', 'ParseError', 'Timeout']),
  message: z.string(),
});
/** Why a part is missing. */
export type CollectionError = z.infer<typeof collectionErrorSchema>;

/** The state, an incomplete state with its errors, or an error. */
export const statusSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('Ok'), data: statusPageDataSchema }),
  z.strictObject({ status: z.literal('PartialData'), data: statusPageDataSchema, errors: z.array(collectionErrorSchema).readonly() }),
  z.strictObject({ status: z.literal('Error'), error: collectionErrorSchema }),
]);
/** The state, an incomplete state with its errors, or an error. */
export type Status = z.infer<typeof statusSchema>;
