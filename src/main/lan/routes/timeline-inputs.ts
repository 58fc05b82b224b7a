/** Queries of the resources for events, incidents and processes, mapped to the inputs of their calls. Pure. */
import * as z from 'zod';
import type { CallInput } from '../../../shared/api/contract';
import { eventSeveritySchema } from '../../../shared/timeline/event-schemas';
import { MOST_PROCESSES, PROCESS_COLUMNS } from '../../../shared/processes/process-columns';
import { timeSchema, integerSchema, listSchema } from './resource';

const WEEK = 7 * 86_400_000;

const flag = z.enum(['true', 'false']).transform((word) => word === 'true');

/** Removes undefined fields: the calls distinguish absent from undefined. */
function withoutUndefined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Query for events. */
export const eventsParams = z.strictObject({
  type: listSchema.pipe(z.array(z.string().max(50)).max(50)).optional(),
  severity: listSchema.pipe(z.array(eventSeveritySchema).max(3)).optional(),
  text: z.string().max(200).optional().meta({ description: 'Words that must all be in the message.' }),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  before: integerSchema(0, Number.MAX_SAFE_INTEGER).optional().meta({ description: 'Only events older than the one of this id: the next page.' }),
  limit: integerSchema(1, 500).optional(),
});

/** The input of the call for events. */
export function eventsInput({ type, severity, ...rest }: z.output<typeof eventsParams>): CallInput<'events'> {
  return withoutUndefined({ types: type, severities: severity, ...rest });
}

/** Query for incidents. */
export const incidentsParams = z.strictObject({
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  open: flag.optional().meta({ description: 'true: only open incidents.' }),
  rule: z.string().max(60).optional(),
  limit: integerSchema(1, 1000).optional(),
});

/** The input of the call for incidents; by default those of the last week. */
export function incidentsInput({ from, to, open, rule, limit }: z.output<typeof incidentsParams>, now: number): CallInput<'incidents'> {
  const end = to ?? Math.floor(now) + 1;
  return { from: from ?? Math.max(0, end - WEEK), to: end, ...withoutUndefined({ openOnly: open, ruleId: rule, limit }) };
}

/** Query for processes. */
export const processesParams = z.strictObject({
  search: z.string().max(200).optional(),
  sort: z.enum(PROCESS_COLUMNS).optional(),
  descending: flag.optional(),
  limit: integerSchema(1, MOST_PROCESSES).optional(),
});

/** The input of the call for processes. */
export function processesInput(query: z.output<typeof processesParams>): CallInput<'processes'> {
  return withoutUndefined(query);
}
