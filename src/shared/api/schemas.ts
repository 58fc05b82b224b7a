/** Schemas of live data, queries, host information and the app's state. The rest of the code uses the types of metrics/ and series/. */
import * as z from 'zod';
import { DEVICE_STATES } from '../metrics/device-state';
import { FAMILY_IDS } from '../metrics/index';
import type { FamilyId } from '../metrics/index';
import { ruleSchema } from '../alerts/rule';
import { settingsSchema } from '../settings/settings-schema';

const value = z.number().nullable();
const time = z.number();

/** Id of a metric family. */
export const familyIdSchema = z.enum(FAMILY_IDS as readonly [FamilyId, ...FamilyId[]]);

/** Why a device has no values although its family was read, since when, and what it had before. */
export const deviceFaultSchema = z.strictObject({
  message: z.string(),
  since: time,
  last: z.strictObject({ values: z.record(z.string(), value), readAt: time }).nullable(),
});
/** Since when counters count, if not since the start of the machine; see CounterStart. */
export const counterStartSchema = z.strictObject({ time, reason: z.enum(['reset', 'connected', 'disconnected', 'container']), device: z.string().exactOptional() });

/** State of a device; see DeviceState. */
export const deviceStateSchema = z.strictObject({ code: z.enum(DEVICE_STATES), reason: z.string().exactOptional() });

const deviceReadingSchema = z.strictObject({
  label: z.string(),
  detail: z.string().exactOptional(),
  values: z.record(z.string(), value),
  limits: z.strictObject({ warning: z.number(), critical: z.number() }).exactOptional(),
  fault: deviceFaultSchema.exactOptional(),
  media: z.enum(['removable', 'readOnly']).exactOptional(),
  state: deviceStateSchema.exactOptional(),
  stored: z.literal(false).exactOptional(),
  since: counterStartSchema.exactOptional(),
});

/** Devices that earlier versions stored under other ids; see RenamedDevices. */
const renamedSchema = z.array(z.strictObject({ renamed: z.record(z.string(), z.string()), unless: z.string() })).readonly();

const readingSchema = z.strictObject({
  values: z.record(z.string(), value),
  devices: z.record(z.string(), deviceReadingSchema),
  note: z.string().exactOptional(),
  untold: z.array(z.string()).readonly().exactOptional(),
  isFirst: z.literal(true).exactOptional(),
  ignored: z.array(z.string()).readonly().exactOptional(),
  since: counterStartSchema.exactOptional(),
  renamed: renamedSchema.exactOptional(),
});

const faultSchema = z.strictObject({
  kind: z.enum(['SystemUnavailable', 'PermissionDenied', 'ParseError', 'Timeout']),
  message: z.string(),
  since: time,
  nextAt: time.nullable(),
});

const readingsSchema = z.partialRecord(familyIdSchema, readingSchema);
const lastKnownSchema = z.partialRecord(familyIdSchema, z.strictObject({ reading: readingSchema, readAt: time }));
const faultsSchema = z.partialRecord(familyIdSchema, faultSchema);

/** One tick. */
export const batchSchema = z.strictObject({
  seq: z.int(),
  after: z.int().exactOptional(),
  time,
  gap: z.enum(['start', 'sleep', 'pause', 'clock', 'stall']).exactOptional(),
  readings: readingsSchema,
  faults: faultsSchema,
  lastKnown: lastKnownSchema.exactOptional(),
});

/** The last known state of everything. */
export const snapshotSchema = z.strictObject({
  seq: z.int(),
  time,
  paused: z.boolean(),
  readings: readingsSchema,
  faults: faultsSchema,
  lastKnown: lastKnownSchema,
  readAt: z.partialRecord(familyIdSchema, time),
});

const seriesKeysSchema = z.array(z.string().min(1).max(400)).min(1).max(300);
const range = { from: z.number().nonnegative(), to: z.number().nonnegative() };
const inOrder = { message: '"to" must be after "from"', path: ['to'] };

/** Query for points of series. */
export const seriesQuerySchema = z
  .strictObject({ series: seriesKeysSchema, ...range, points: z.int().min(1).max(10_000) })
  .refine((query) => query.to > query.from, inOrder);

/** Query for statistics of series. */
export const statsQuerySchema = z
  .strictObject({ series: seriesKeysSchema, ...range, threshold: z.number().exactOptional() })
  .refine((query) => query.to > query.from, inOrder);

/** Points of several series. */
export const seriesResponseSchema = z.strictObject({
  step: z.number(),
  /** Begin of the history, epoch ms: of any series, not only of these. Null while it is empty. */
  begins: time.nullable(),
  series: z.array(
    z.strictObject({
      series: z.string(),
      time: z.array(time).readonly(),
      min: z.array(value).readonly(),
      avg: z.array(value).readonly(),
      max: z.array(value).readonly(),
      count: z.array(z.number()).readonly(),
    }),
  ).readonly(),
});

/** Time at or past the warning threshold of the rule of a series; absent where no rule warns. `share` 0–1 of the sampled time. */
export const timeAboveSchema = z.strictObject({
  threshold: z.number(),
  /** below: the time at or below the threshold. */
  direction: z.enum(['above', 'below']),
  share: z.number(),
  seconds: z.number(),
});

/** Statistics of several series. */
export const statsResponseSchema = z.array(
  z.strictObject({
    series: z.string(),
    count: z.number(),
    /** Seconds of the range that were sampled: what is less than the range was not measured. */
    sampledSeconds: z.number().nonnegative(),
    min: value,
    max: value,
    avg: value,
    p50: value,
    p95: value,
    p99: value,
    last: value,
    /** Largest relative error of the percentiles; absent or 0 where they are exact. */
    error: z.number().exactOptional(),
    above: timeAboveSchema.exactOptional(),
  }),
).readonly();

/** Limits of the history whose size is estimated. */
export const historyLimitsSchema = z.strictObject({ keepDays: z.int().min(1).max(3650), maxBytes: z.number().positive().nullable() });

/** The estimate; null while the history cannot be opened. */
export const historyEstimateSchema = z.strictObject({ bytes: z.number(), days: z.number(), series: z.number() }).nullable();

/** Facts about the machine. */
export const hostSchema = z.strictObject({
  hostname: z.string(),
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  model: z.string().nullable(),
  cpuModel: z.string().nullable(),
  cores: z.int(),
  memoryTotal: value,
  bootTime: value,
  appVersion: z.string(),
  startTime: time,
  environment: z.string(),
  runtime: z.string(),
  databasePath: z.string().nullable(),
});

const noticeSchema = z.strictObject({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  body: z.string(),
  since: time,
  dismissible: z.boolean(),
});

/** Settings, active rules, notices, and whether monitoring is paused. */
export const appStateSchema = z.strictObject({
  paused: z.boolean(),
  settings: settingsSchema,
  /** The default rules with the changes of the settings, then custom ones. */
  rules: z.array(ruleSchema).readonly(),
  notices: z.array(noticeSchema).readonly(),
  /** Set where the machine is made up; its name. */
  demo: z.string().optional(),
});
