/** Queries and responses of the metric resources, derived from the metric descriptors. Pure. */
import * as z from 'zod';
import type { CallInput, CallOutput } from '../../../shared/api/contract';
import { levelOf } from '../../../shared/alerts/level';
import { familyHealth, machineHealth } from '../../../shared/alerts/severity';
import { levelSchema, severitySchema } from '../../../shared/alerts/severity-schemas';
import type { OpenIncident } from '../../../shared/alerts/severity';
import { counterStartSchema, deviceFaultSchema, familyIdSchema, timeAboveSchema } from '../../../shared/api/schemas';
import { countedSince, isSum } from '../../../shared/metrics/counter-start';
import { FAMILY_IDS, familyOf, headlineOf, isFamilyId, parseSeriesKey, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import { faultLine } from '../../../shared/metrics/fault-labels';
import type { Snapshot } from '../../../shared/metrics/reading';
import { CallError } from '../../../shared/result';
import { timeSchema, integerSchema, listSchema } from './resource';
import type { ResourceContext } from './resource';

const HOUR = 3_600_000;
/** Most series of one query, as in the contract. */
const MAX_SERIES = 300;
const value = z.number().nullable();

/** `system` is the machine as a whole: the headline of every family. */
const SYSTEM = 'system';

/** The family in a path. */
export const familyParams = z.strictObject({ family: z.string().max(60).meta({ description: `${FAMILY_IDS.join(', ')}, or ${SYSTEM}.` }) });

function familyAt(name: string): FamilyId {
  if (!isFamilyId(name)) throw new CallError('NotFound', `family: unknown "${name}"; one of ${FAMILY_IDS.join(', ')}`);
  return name;
}

/** A range, and the series of a family. */
export const rangeQuery = z.strictObject({
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  metric: listSchema.optional(),
  device: z.string().min(1).max(300).optional().meta({ description: 'A device of the family, or * for all present ones; default: the values of the whole machine.' }),
});

/** The same, and the number of points. */
export const historyQuery = rangeQuery.extend({ points: integerSchema(1, 10_000).prefault('300') });

type Range = z.output<typeof rangeQuery>;

/** The range of a query; by default the last hour. */
export function rangeOf({ from, to }: Range, now: number): { from: number; to: number } {
  const end = to ?? Math.floor(now) + 1;
  return { from: from ?? end - HOUR, to: end };
}

function metricsAt(family: FamilyId, ofDevice: boolean, requested: readonly string[] | undefined): readonly string[] {
  const { metrics, device } = familyOf(family);
  const set = ofDevice ? device.metrics : metrics;
  const unknown = requested?.find((metric) => !Object.hasOwn(set, metric));
  if (unknown !== undefined) throw new CallError('BadInput', `metric: ${ofDevice ? `a device of "${family}"` : `"${family}"`} has no "${unknown}"; it has ${Object.keys(set).join(', ') || 'none'}`);
  return requested ?? Object.keys(set).filter((metric) => set[metric]?.stored !== false);
}

/** The series of a query. Throws a CallError that names the wrong field. */
function seriesOf(name: string, { metric, device }: Range, { snapshot }: ResourceContext): SeriesKey[] {
  if (name === SYSTEM) return FAMILY_IDS.map((id) => seriesKey(id, familyOf(id).headline));
  const family = familyAt(name);
  const metrics = metricsAt(family, device !== undefined, metric);
  const devices = device === '*' ? Object.keys(snapshot.readings[family]?.devices ?? {}) : [device];
  const keys = devices.flatMap((id) => metrics.map((one) => seriesKey(family, one, id)));
  if (keys.length === 0) throw new CallError('NotFound', `device: "${family}" has no devices now`);
  if (keys.length > MAX_SERIES) throw new CallError('BadInput', `device: ${keys.length} series, at most ${MAX_SERIES} in one request; name fewer metrics`);
  return keys;
}

/** The fields of a series in place of its key. */
function seriesFieldsOf(key: SeriesKey): { family: string; metric: string; device: string | null; unit: string } {
  const parsed = parseSeriesKey(key);
  return { family: parsed?.family ?? '', metric: parsed?.metric ?? key, device: parsed?.device ?? null, unit: parsed?.descriptor.unit ?? '' };
}

const seriesFields = { family: z.string(), metric: z.string(), device: z.string().nullable(), unit: z.string() };

/** Points of series as columns of equal length; a gap is a point of count 0 whose values are null. */
export const historySchema = z.strictObject({
  from: z.number(),
  to: z.number(),
  /** Width of a point, ms. */
  step: z.number(),
  begins: z.number().nullable().meta({ description: 'Begin of the history, epoch milliseconds: nothing was measured before. Null while it is empty.' }),
  series: z.array(z.strictObject({ ...seriesFields, time: z.array(z.number()), min: z.array(value), avg: z.array(value), max: z.array(value), count: z.array(z.number()) })),
});

/** The response of a history resource. */
export function historyResponse({ step, begins, series }: CallOutput<'series'>, range: { from: number; to: number }): unknown {
  return { ...range, step, begins, series: series.map(({ series: key, ...columns }) => ({ ...seriesFieldsOf(key), ...columns })) };
}

const sampled = z.number().meta({ description: 'Seconds of the range in which the series was sampled. Less than the range where the history begins later, or has gaps.' });
const last = value.meta({ description: 'Latest sample in the range, which need not be a current one; the mean of the latest point where samples are no longer stored.' });

/** Statistics of series. */
export const statsSchema = z.strictObject({
  from: z.number(),
  to: z.number(),
  series: z.array(
    z.strictObject({ ...seriesFields, count: z.number(), sampledSeconds: sampled, min: value, max: value, avg: value, p50: value, p95: value, p99: value, last, error: z.number().exactOptional(), above: timeAboveSchema.exactOptional() }),
  ),
});

/** The response of a statistics resource. */
export function statsResponse(stats: CallOutput<'stats'>, range: { from: number; to: number }): unknown {
  return { ...range, series: stats.map(({ series: key, ...figures }) => ({ ...seriesFieldsOf(key), ...figures })) };
}

const deviceSchema = z.strictObject({ label: z.string(), detail: z.string().exactOptional(), values: z.record(z.string(), value), limits: z.strictObject({ warning: z.number(), critical: z.number() }).exactOptional(), fault: deviceFaultSchema.exactOptional(), stored: z.literal(false).exactOptional(), since: counterStartSchema.exactOptional() });

/** Since when the sums of a family count. */
const countedSinceSchema = z
  .strictObject({ boot: z.number().nullable(), change: counterStartSchema.nullable() })
  .meta({ description: 'Since when counters such as rxTotal count, for families that have some: the start of the machine (epoch milliseconds, null while unknown), and the latest change of one of the summed devices, if any. A device with its own beginning has it in "since".' });

/** The latest reading of one family. */
export const latestSchema = z.strictObject({
  family: familyIdSchema,
  /** Epoch milliseconds. */
  time: z.number(),
  values: z.record(z.string(), value),
  devices: z.record(z.string(), deviceSchema),
  note: z.string().exactOptional(),
  countedSince: countedSinceSchema.exactOptional(),
});

/** Why a family cannot be read; all null while it can. */
const faultFields = {
  /** For people; `faultKind` is for programs. */
  fault: z.string().nullable(),
  faultKind: z.enum(['SystemUnavailable', 'PermissionDenied', 'ParseError', 'Timeout']).nullable(),
  /** The first failed read in a row, and the next try if it is known; epoch milliseconds. */
  faultSince: z.number().nullable(),
  nextTry: z.number().nullable(),
  /** The headline before the fault, and when it was read. */
  lastKnown: z.strictObject({ value, time: z.number() }).nullable(),
};

function faultFieldsOf(snapshot: Snapshot, family: FamilyId): z.output<z.ZodObject<typeof faultFields>> {
  const fault = snapshot.faults[family];
  if (fault === undefined) return { fault: null, faultKind: null, faultSince: null, nextTry: null, lastKnown: null };
  const { label } = familyOf(family);
  const last = snapshot.lastKnown[family];
  const lastKnown = last === undefined ? null : { value: last.reading.values[headlineOf(family, last.reading)] ?? null, time: last.readAt };
  return { fault: faultLine(label, fault), faultKind: fault.kind, faultSince: fault.since, nextTry: fault.nextAt, lastKnown };
}

/** The headline of each family. */
export const overviewSchema = z.strictObject({
  time: z.number(),
  paused: z.boolean(),
  /** Of the machine. */
  severity: severitySchema,
  families: z.array(z.strictObject({ family: familyIdSchema, label: z.string(), metric: z.string(), unit: z.string(), value, severity: severitySchema, level: levelSchema, time: z.number().nullable(), ...faultFields })),
});

/** The machine as a whole. */
export function overviewResponse(snapshot: Snapshot, open: readonly OpenIncident[]): unknown {
  const families = FAMILY_IDS.map((family) => {
    const { label, metrics } = familyOf(family);
    const reading = snapshot.readings[family];
    const headline = headlineOf(family, reading ?? snapshot.lastKnown[family]?.reading);
    const current = reading?.values[headline] ?? null;
    return {
      family,
      label,
      metric: headline,
      unit: metrics[headline]?.unit ?? '',
      value: current,
      severity: familyHealth(family, snapshot, open).severity,
      level: levelOf(seriesKey(family, headline), current),
      time: snapshot.readAt[family] ?? null,
      ...faultFieldsOf(snapshot, family),
    };
  });
  return { time: snapshot.time, paused: snapshot.paused, severity: machineHealth(snapshot, open).severity, families };
}

/** The latest reading of a family. Throws a CallError with the reason where there is none. */
export function latestResponse(snapshot: Snapshot, name: string, open: () => readonly OpenIncident[]): unknown {
  if (name === SYSTEM) return overviewResponse(snapshot, open());
  const family = familyAt(name);
  const reading = snapshot.readings[family];
  const fault = snapshot.faults[family];
  if (reading === undefined) throw new CallError('Unavailable', fault === undefined ? `${family}: not read yet` : `${family}: ${fault.kind}: ${fault.message} (since ${new Date(fault.since).toISOString()})`);
  const { values, devices, note } = reading;
  return { family, time: snapshot.readAt[family] ?? snapshot.time, values, devices, ...(note === undefined ? {} : { note }), ...(Object.values(familyOf(family).metrics).some(isSum) ? { countedSince: countedSince(snapshot, family) } : {}) };
}

/** The input of the call for a history resource. */
export function seriesInput(name: string, query: z.output<typeof historyQuery>, context: ResourceContext): CallInput<'series'> {
  return { series: seriesOf(name, query, context), ...rangeOf(query, context.now), points: query.points };
}

/** The input of the call for a statistics resource. */
export function statsInput(name: string, query: Range, context: ResourceContext): CallInput<'stats'> {
  return { series: seriesOf(name, query, context), ...rangeOf(query, context.now) };
}
