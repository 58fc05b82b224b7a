/** THE table of resources: each a friendly address for a call of the contract. A new one is a line. */
import * as z from 'zod';
import { effectiveRules } from '../../../shared/alerts/default-rules';
import { ruleSchema } from '../../../shared/alerts/rule';
import { newEventSchema } from '../../../shared/timeline/event-schemas';
import { settingsPatchSchema, settingsSchema } from '../../../shared/settings/settings-schema';
import { statusSchema } from '../../../shared/status-schema';
import { devicesResponse, devicesParams, devicesSchema } from './device-responses';
import {
  familyParams,
  historyResponse,
  historyQuery,
  historySchema,
  latestResponse,
  latestSchema,
  overviewResponse,
  overviewSchema,
  rangeOf,
  rangeQuery,
  seriesInput,
  statsResponse,
  statsInput,
  statsSchema,
} from './metric-responses';
import { momentSchema, resource } from './resource';
import { eventsInput, eventsParams, incidentsInput, incidentsParams, processesInput, processesParams, toEventUser } from './timeline-inputs';
import type { Resource } from './resource';

const METRICS = 'Metrics';
const TIMELINE = 'Timeline';
const MACHINE = 'Machine';
const APP = 'Traywatch';

const overview = { schema: overviewSchema, of: overviewResponse };

/** Every resource. */
export const RESOURCES: readonly Resource[] = [
  resource({
    method: 'GET',
    path: '/api/status',
    tag: MACHINE,
    summary: 'The machine’s state in one document: Ok, PartialData, or Error with its reason',
    call: 'status',
    input: () => ({}),
    answer: { schema: statusSchema, of: (status) => status, status: ({ status }) => (status === 'Error' ? 503 : 200) },
  }),
  resource({ method: 'GET', path: '/api/host', tag: MACHINE, summary: 'Facts about the machine', call: 'host', input: () => ({}) }),
  resource({ method: 'GET', path: '/api/metrics', tag: METRICS, summary: 'The headline of every metric family', call: 'snapshot', input: () => ({}), answer: overview }),
  resource({
    method: 'GET',
    path: '/api/metrics/:family',
    tag: METRICS,
    summary: 'The latest reading of a family; "system" for the headline of all',
    call: 'snapshot',
    params: familyParams,
    input: () => ({}),
    answer: { schema: z.union([latestSchema, overviewSchema]), of: (snapshot, { params }) => latestResponse(snapshot, params.family) },
  }),
  resource({
    method: 'GET',
    path: '/api/metrics/:family/history',
    tag: METRICS,
    summary: 'Points of a family over a range: minimum, average and maximum of each',
    call: 'series',
    params: familyParams,
    query: historyQuery,
    input: ({ params, query }, context) => seriesInput(params.family, query, context),
    answer: { schema: historySchema, of: (points, { query }, { now }) => historyResponse(points, rangeOf(query, now)) },
  }),
  resource({
    method: 'GET',
    path: '/api/metrics/:family/stats',
    tag: METRICS,
    summary: 'Minimum, average, maximum and percentiles of a family over a range',
    call: 'stats',
    params: familyParams,
    query: rangeQuery,
    input: ({ params, query }, context) => statsInput(params.family, query, context),
    answer: { schema: statsSchema, of: (stats, { query }, { now }) => statsResponse(stats, rangeOf(query, now)) },
  }),
  resource({
    method: 'GET',
    path: '/api/devices',
    tag: METRICS,
    summary: 'The machine’s measured devices with their latest values: cores, mounts, interfaces, sensors',
    call: 'snapshot',
    query: devicesParams,
    input: () => ({}),
    answer: { schema: devicesSchema, of: (snapshot, { query }) => devicesResponse(snapshot, query.family) },
  }),
  resource({
    method: 'GET',
    path: '/api/gaps',
    tag: METRICS,
    summary: 'Times without samples whose reason is known: sleep, a pause, Traywatch not running',
    call: 'gaps',
    query: z.strictObject({ from: momentSchema.optional(), to: momentSchema.optional() }),
    input: ({ query }, { now }) => rangeOf(query, now),
  }),
  resource({
    method: 'GET',
    path: '/api/events',
    tag: TIMELINE,
    summary: 'Events of the timeline, newest first, and how many there are in all',
    call: 'events',
    query: eventsParams,
    input: ({ query }) => eventsInput(query),
  }),
  resource({
    method: 'POST',
    path: '/api/events',
    tag: TIMELINE,
    summary: 'Writes an event of another program; a token of scope events:write may. It is in the history file when it is answered and outlives a crash of Traywatch; while the file cannot be written (a full disk, or for a moment during a checkpoint) it waits in memory',
    call: 'addEvent',
    grant: 'events:write',
    body: newEventSchema,
    input: ({ body }, { who }) => ({ ...body, user: body.user ?? toEventUser(who) }),
  }),
  resource({
    method: 'GET',
    path: '/api/incidents',
    tag: TIMELINE,
    summary: 'Incidents that lasted in a range, the latest first; the last week where nothing is said',
    call: 'incidents',
    query: incidentsParams,
    input: ({ query }, { now }) => incidentsInput(query, now),
  }),
  resource({ method: 'GET', path: '/api/incidents/open', tag: TIMELINE, summary: 'Incidents that last now, and what is snoozed', call: 'openAlerts', input: () => ({}) }),
  resource({
    method: 'GET',
    path: '/api/rules',
    tag: TIMELINE,
    summary: 'The rules in force, those that come with Traywatch and those a person made',
    call: 'appState',
    input: () => ({}),
    answer: { schema: z.array(ruleSchema), of: ({ settings }) => effectiveRules(settings.alerts.rules) },
  }),
  resource({
    method: 'GET',
    path: '/api/processes',
    tag: MACHINE,
    summary: 'The processes of this moment; command lines for admins only',
    call: 'processes',
    query: processesParams,
    input: ({ query }) => processesInput(query),
  }),
  resource({
    method: 'GET',
    path: '/api/settings',
    tag: APP,
    summary: 'The settings in force',
    call: 'appState',
    input: () => ({}),
    answer: { schema: settingsSchema, of: ({ settings }) => settings },
  }),
  resource({
    method: 'PATCH',
    path: '/api/settings',
    tag: APP,
    summary: 'Changes settings; those that are absent stay',
    call: 'updateSettings',
    body: settingsPatchSchema,
    input: ({ body }) => body,
    answer: { schema: settingsSchema, of: ({ settings }) => settings },
  }),
  resource({
    method: 'POST',
    path: '/api/monitoring',
    tag: APP,
    summary: 'Pauses or resumes monitoring',
    call: 'setPaused',
    body: z.strictObject({ paused: z.boolean() }),
    input: ({ body }) => body,
    answer: { schema: z.strictObject({ paused: z.boolean() }), of: ({ paused }) => ({ paused }) },
  }),
];
