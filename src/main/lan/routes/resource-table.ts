/** The table of REST resources, each mapped to a call of the contract. A new resource is a new entry. */
import * as z from 'zod';
import { ruleSchema } from '../../../shared/alerts/rule';
import { newEventSchema } from '../../../shared/timeline/event-schemas';
import type { Snapshot } from '../../../shared/metrics/reading';
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
import { timeSchema, resource } from './resource';
import { eventsInput, eventsParams, incidentsInput, incidentsParams, processesInput, processesParams } from './timeline-inputs';
import type { Resource, ResourceContext } from './resource';

const METRICS = 'Metrics';
const TIMELINE = 'Timeline';
const MACHINE = 'Machine';
const APP = 'Traywatch';

const overview = { schema: overviewSchema, map: (snapshot: Snapshot, _: unknown, { openIncidents }: ResourceContext) => overviewResponse(snapshot, openIncidents()) };

/** Every resource. */
export const RESOURCES: readonly Resource[] = [
  resource({
    method: 'GET',
    path: '/api/status',
    tag: MACHINE,
    summary: 'The machine’s state in one document: Ok, PartialData, or Error with its reason',
    call: 'status',
    input: () => ({}),
    response: { schema: statusSchema, map: (status) => status, status: ({ status }) => (status === 'Error' ? 503 : 200) },
  }),
  resource({ method: 'GET', path: '/api/host', tag: MACHINE, summary: 'Facts about the machine', call: 'host', input: () => ({}) }),
  resource({ method: 'GET', path: '/api/metrics', tag: METRICS, summary: 'The headline of every metric family, and how bad it is', call: 'snapshot', input: () => ({}), response: overview }),
  resource({
    method: 'GET',
    path: '/api/metrics/:family',
    tag: METRICS,
    summary: 'The latest reading of a family; "system" for the headline of all',
    call: 'snapshot',
    params: familyParams,
    input: () => ({}),
    response: { schema: z.union([latestSchema, overviewSchema]), map: (snapshot, { params }, { openIncidents }) => latestResponse(snapshot, params.family, openIncidents) },
  }),
  resource({
    method: 'GET',
    path: '/api/metrics/:family/history',
    tag: METRICS,
    summary: 'Points of a family over a range: minimum, average and maximum of each, and where the history begins',
    call: 'series',
    params: familyParams,
    query: historyQuery,
    input: ({ params, query }, context) => seriesInput(params.family, query, context),
    response: { schema: historySchema, map: (points, { query }, { now }) => historyResponse(points, rangeOf(query, now)) },
  }),
  resource({
    method: 'GET',
    path: '/api/metrics/:family/stats',
    tag: METRICS,
    summary: 'Minimum, average, maximum and percentiles of a family over a range, how much of it was sampled, and the time past the warning threshold of its rule',
    call: 'stats',
    params: familyParams,
    query: rangeQuery,
    input: ({ params, query }, context) => statsInput(params.family, query, context),
    response: { schema: statsSchema, map: (stats, { query }, { now }) => statsResponse(stats, rangeOf(query, now)) },
  }),
  resource({
    method: 'GET',
    path: '/api/devices',
    tag: METRICS,
    summary: 'The machine’s measured devices with their latest values: cores, mounts, interfaces, sensors',
    call: 'snapshot',
    query: devicesParams,
    input: () => ({}),
    response: { schema: devicesSchema, map: (snapshot, { query }, { openIncidents }) => devicesResponse(snapshot, openIncidents(), query.family) },
  }),
  resource({
    method: 'GET',
    path: '/api/gaps',
    tag: METRICS,
    summary: 'Gaps: times without samples, with their reason (sleep, pause, Traywatch not running)',
    call: 'gaps',
    query: z.strictObject({ from: timeSchema.optional(), to: timeSchema.optional() }),
    input: ({ query }, { now }) => rangeOf(query, now),
  }),
  resource({
    method: 'GET',
    path: '/api/events',
    tag: TIMELINE,
    summary: 'Events of the timeline, newest first, and their total number',
    call: 'events',
    query: eventsParams,
    input: ({ query }) => eventsInput(query),
  }),
  resource({
    method: 'POST',
    path: '/api/events',
    tag: TIMELINE,
    summary: 'Writes an event of another program; needs the scope events:write, or an admin. Its user is marked as reported by the client. It is in the history file when the response arrives, and survives a crash',
    call: 'addEvent',
    grant: 'events:write',
    body: newEventSchema,
    input: ({ body }) => body,
  }),
  resource({
    method: 'GET',
    path: '/api/incidents',
    tag: TIMELINE,
    summary: 'Incidents of a range, newest first; default: last week',
    call: 'incidents',
    query: incidentsParams,
    input: ({ query }, { now }) => incidentsInput(query, now),
  }),
  resource({ method: 'GET', path: '/api/incidents/open', tag: TIMELINE, summary: 'Open incidents and active snoozes', call: 'openAlerts', input: () => ({}) }),
  resource({
    method: 'GET',
    path: '/api/rules',
    tag: TIMELINE,
    summary: 'Alert rules, built-in and custom',
    call: 'appState',
    input: () => ({}),
    response: { schema: z.array(ruleSchema), map: ({ rules }) => rules },
  }),
  resource({
    method: 'GET',
    path: '/api/processes',
    tag: MACHINE,
    summary: 'Processes running now; command lines for admins only',
    call: 'processes',
    query: processesParams,
    input: ({ query }) => processesInput(query),
  }),
  resource({ method: 'GET', path: '/api/machines', tag: MACHINE, summary: 'All machines: this one, and those that report here', call: 'machines', input: () => ({}) }),
  resource({ method: 'GET', path: '/api/services', tag: MACHINE, summary: 'What is probed, its state and the last result, without addresses', call: 'services', input: () => ({}) }),
  resource({
    method: 'GET',
    path: '/api/settings',
    tag: APP,
    summary: 'Active settings',
    call: 'appState',
    input: () => ({}),
    response: { schema: settingsSchema, map: ({ settings }) => settings },
  }),
  resource({
    method: 'PATCH',
    path: '/api/settings',
    tag: APP,
    summary: 'Changes settings; absent ones stay as they are',
    call: 'updateSettings',
    body: settingsPatchSchema,
    input: ({ body }) => body,
    response: { schema: settingsSchema, map: ({ settings }) => settings },
  }),
  resource({
    method: 'POST',
    path: '/api/monitoring',
    tag: APP,
    summary: 'Pauses or resumes monitoring',
    call: 'setPaused',
    body: z.strictObject({ paused: z.boolean() }),
    input: ({ body }) => body,
    response: { schema: z.strictObject({ paused: z.boolean() }), map: ({ paused }) => ({ paused }) },
  }),
];
