/** What the resources about events, incidents and processes are asked, as it stands in an address. Pure. */
import * as z from 'zod';
import type { CallInput } from '../../../shared/api/contract';
import { eventSeveritySchema } from '../../../shared/timeline/event-schemas';
import { MOST_PROCESSES, PROCESS_COLUMNS } from '../../../shared/processes/process-columns';
import { momentSchema, wholeSchema, wordsSchema } from './resource';

const WEEK = 7 * 86_400_000;

const flag = z.enum(['true', 'false']).transform((word) => word === 'true');

/** Without what was not said: the calls tell absent from undefined. */
function said<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Which events. */
export const eventsParams = z.strictObject({
  type: wordsSchema.pipe(z.array(z.string().max(50)).max(50)).optional(),
  severity: wordsSchema.pipe(z.array(eventSeveritySchema).max(3)).optional(),
  text: z.string().max(200).optional().meta({ description: 'Words that must all be in the message.' }),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  before: wholeSchema(0, Number.MAX_SAFE_INTEGER).optional().meta({ description: 'Only events older than the one of this id: the next page.' }),
  limit: wholeSchema(1, 500).optional(),
});

/** The question for events. */
export function eventsInput({ type, severity, ...rest }: z.output<typeof eventsParams>): CallInput<'events'> {
  return said({ types: type, severities: severity, ...rest });
}

/** Which incidents. */
export const incidentsParams = z.strictObject({
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  open: flag.optional().meta({ description: 'true: only those that are not over.' }),
  rule: z.string().max(60).optional(),
  limit: wholeSchema(1, 1000).optional(),
});

/** The question for incidents; the last week where nothing is said. */
export function incidentsInput({ from, to, open, rule, limit }: z.output<typeof incidentsParams>, now: number): CallInput<'incidents'> {
  const end = to ?? Math.floor(now) + 1;
  return { from: from ?? Math.max(0, end - WEEK), to: end, ...said({ openOnly: open, ruleId: rule, limit }) };
}

/** Which processes. */
export const processesParams = z.strictObject({
  search: z.string().max(200).optional(),
  sort: z.enum(PROCESS_COLUMNS).optional(),
  descending: flag.optional(),
  limit: wholeSchema(1, MOST_PROCESSES).optional(),
});

/** The question for processes. */
export function processesInput(query: z.output<typeof processesParams>): CallInput<'processes'> {
  return said(query);
}

/** Who wrote an event that does not say; null where there is no name. */
export function toEventUser(name: string): string | null {
  return name === '' ? null : name;
}
