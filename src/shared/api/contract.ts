/**
 * The one description of what may be asked of the app. The preload, the IPC and HTTP transports, the typed
 * client and the test doubles derive from it: a new call is a line here and a handler.
 */
import * as z from 'zod';
import { incidentsResponseSchema, incidentSchema, incidentsQuerySchema } from '../alerts/incident';
import { activityEventSchema, eventsResponseSchema, eventsQuerySchema, newEventSchema } from '../timeline/event-schemas';
import { processSnapshotsResponseSchema, topProcessesQuerySchema } from '../processes/process-schemas';
import { backtestResultSchema, backtestQuerySchema } from '../alerts/backtest-schemas';
import { processesQuerySchema, processTableSchema } from '../processes/process-schemas';
import { webhookStateSchema, webhookTestSchema, webhookInputSchema } from '../alerts/webhook';
import { powerActionSchema, powerControlStateSchema } from '../power/power-schemas';
import { createTokenSchema, accessSummarySchema, nameSchema, roleSchema, setAccountSchema } from '../sharing/access-schemas';
import { lanInterfacesSchema } from '../sharing/interface-schemas';
import { connectedClientsSchema } from '../sharing/connected-client';
import { settingsPatchSchema } from '../settings/settings-schema';
import { acknowledgeSchema, importedAlertsSchema, openAlertsSchema, snoozeInputSchema, unsnoozeSchema } from './alert-schemas';
import { lanStateSchema } from '../sharing/lan-state';
import { statusSchema } from '../status-schema';
import { exportSchema, savedSchema, saveFileSchema, gapsResponseSchema, gapsQuerySchema, startedSchema, taskSchema } from './history-schemas';
import {
  appStateSchema,
  batchSchema,
  familyIdSchema,
  historyEstimateSchema,
  historyLimitsSchema,
  hostSchema,
  seriesResponseSchema,
  seriesQuerySchema,
  snapshotSchema,
  statsResponseSchema,
  statsQuerySchema,
} from './schemas';

/** Who may call: only this desktop, any viewer let in, or an admin. Over HTTP `local` does not exist (404). */
export type AccessLevel = 'local' | 'viewer' | 'admin';

/** A call: a query reads, a command changes something. */
export interface CallSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'query' | 'command';
  readonly access: AccessLevel;
  readonly input: I;
  readonly output: O;
}

/** An event pushed to subscribers. */
export interface EventSpec<P extends z.ZodType = z.ZodType> {
  readonly access: AccessLevel;
  readonly payload: P;
}

function query<I extends z.ZodType, O extends z.ZodType>(access: AccessLevel, input: I, output: O): CallSpec<I, O> {
  return { kind: 'query', access, input, output };
}

function command<I extends z.ZodType, O extends z.ZodType>(access: AccessLevel, input: I, output: O): CallSpec<I, O> {
  return { kind: 'command', access, input, output };
}

const none = z.strictObject({});
const done = z.null();
const webhookId = z.strictObject({ id: z.string().min(1).max(40) });
const webhookStates = z.array(webhookStateSchema).readonly();
const id = z.string().min(1).max(100);
const byId = z.strictObject({ id });

/** Every call. */
export const CALLS = {
  /** The last known reading of every family. */
  snapshot: query('viewer', none, snapshotSchema),
  /** Points of several series over a range. */
  series: query('viewer', seriesQuerySchema, seriesResponseSchema),
  /** Statistics of several series over a range, with the time above the warning threshold of metrics that have one. */
  stats: query('viewer', statsQuerySchema, statsResponseSchema),
  /** What limits of history will cost, before they are saved. */
  estimateHistory: query('viewer', historyLimitsSchema, historyEstimateSchema),
  /** Times without samples whose reason is known. */
  gaps: query('viewer', gapsQuerySchema, gapsResponseSchema),
  /** Events of the timeline, newest first, a page at a time. */
  events: query('viewer', eventsQuerySchema, eventsResponseSchema),
  /** Incidents of a range, open ones included. */
  incidents: query('viewer', incidentsQuerySchema, incidentsResponseSchema),
  /** Stored looks at the busiest processes, of ordinary minutes and of incidents. */
  processSnapshots: query('viewer', topProcessesQuerySchema, processSnapshotsResponseSchema),
  /** What a rule, saved or not, would have done on what is stored. */
  backtestRule: query('viewer', backtestQuerySchema, backtestResultSchema),
  /** Facts about the machine. */
  host: query('viewer', none, hostSchema),
  /** Processes now. Read only when asked; command lines are for this desktop and admins. */
  processes: query('viewer', processesQuerySchema, processTableSchema),
  /** The machine's state in one small document, for status pages. */
  status: query('viewer', none, statusSchema),
  /** How the LAN server stands. */
  lanState: query('local', none, lanStateSchema),
  /** Who watches now; `lanState` is pushed whenever this has changed. */
  lanConnections: query('local', none, connectedClientsSchema),
  /** The network interfaces the server could listen at, as they are now. */
  lanInterfaces: query('local', none, lanInterfacesSchema),
  /** Settings, notices and whether monitoring is paused. */
  appState: query('viewer', none, appStateSchema),
  /** Which families the caller shows now; they are read at their viewed pace until the next such call. */
  setViewedFamilies: command('viewer', z.strictObject({ families: z.array(familyIdSchema).max(50) }), done),
  updateSettings: command('admin', settingsPatchSchema, appStateSchema),
  setPaused: command('admin', z.strictObject({ paused: z.boolean() }), appStateSchema),
  /** Writes an event of another program. */
  addEvent: command('admin', newEventSchema, activityEventSchema),
  dismissNotice: command('local', z.strictObject({ id: z.string().max(100) }), appStateSchema),
  /** Opens the folder of the database in the desktop's file manager. */
  showDataFolder: command('local', none, done),
  /** Saves a file a view made, where the person says. */
  saveFile: command('local', saveFileSchema, savedSchema),
  /** Writes history to a file the person names; `taskProgress` tells how it goes. */
  exportHistory: command('local', exportSchema, startedSchema),
  /** Copies the whole history to a file the person names. */
  backupHistory: command('local', none, startedSchema),
  /** Puts a backup in the place of the history, which is set aside. */
  restoreHistory: command('local', none, startedSchema),
  /** Ends an export or a backup; what it wrote is removed. */
  cancelTask: command('local', z.strictObject({ id: z.int() }), done),
  /** Incidents that last, and what is snoozed. */
  openAlerts: query('viewer', none, openAlertsSchema),
  acknowledge: command('admin', acknowledgeSchema, openAlertsSchema),
  /** Silences a series, a rule or everything; takes the place of a snooze of the same. */
  snooze: command('admin', snoozeInputSchema, openAlertsSchema),
  unsnooze: command('admin', unsnoozeSchema, openAlertsSchema),
  /** How the webhooks stand, and what may be shown of their addresses. */
  webhooks: query('local', none, webhookStates),
  /** Makes or changes a webhook; its address never comes out again. */
  setWebhook: command('local', webhookInputSchema, webhookStates),
  /** Sends a test message now and tells what the server really answered. */
  testWebhook: command('local', webhookId, webhookTestSchema),
  removeWebhook: command('local', webhookId, webhookStates),
  /** Saves all alert settings to a file the person names. */
  exportAlerts: command('local', none, savedSchema),
  /** Puts a file's alert settings in force; the answer carries those before, with which it is undone. */
  importAlerts: command('local', none, importedAlertsSchema),
  /** Who is in, who wants in, and with what. */
  lanAccess: query('local', none, accessSummarySchema),
  /** Makes a code and a link that let one browser ask; those before are dead. */
  lanPairingStart: command('local', none, accessSummarySchema),
  lanPairingCancel: command('local', none, accessSummarySchema),
  /** Lets a browser in that waits. */
  lanApprove: command('local', z.strictObject({ id, role: roleSchema }), accessSummarySchema),
  lanDeny: command('local', byId, accessSummarySchema),
  lanRenameDevice: command('local', z.strictObject({ id, name: nameSchema }), accessSummarySchema),
  lanSetRole: command('local', z.strictObject({ id, role: roleSchema }), accessSummarySchema),
  /** Puts a device out, at once. */
  lanRevoke: command('local', byId, accessSummarySchema),
  /** Makes an account or changes one; another password signs its devices out. */
  lanSetAccount: command('local', setAccountSchema, accessSummarySchema),
  lanRemoveAccount: command('local', z.strictObject({ name: z.string().max(100) }), accessSummarySchema),
  /** The token itself is in this answer and nowhere else. */
  lanCreateToken: command('local', createTokenSchema, z.strictObject({ token: z.string(), access: accessSummarySchema })),
  lanRemoveToken: command('local', byId, accessSummarySchema),
  /** How a restart or a shutdown stands that somebody asked for. */
  powerState: query('viewer', none, powerControlStateSchema),
  powerRequest: command('admin', z.strictObject({ action: powerActionSchema }), powerControlStateSchema),
  /** With the password of who asked, or at the desktop without. */
  powerConfirm: command('admin', z.strictObject({ id, password: z.string().max(400).exactOptional() }), powerControlStateSchema),
  powerCancel: command('admin', byId, powerControlStateSchema),
} as const satisfies Record<string, CallSpec>;

/** Every event. */
export const EVENTS = {
  batch: { access: 'viewer', payload: batchSchema },
  appState: { access: 'viewer', payload: appStateSchema },
  /** An event was written to the timeline. */
  event: { access: 'viewer', payload: activityEventSchema },
  /** An incident began, changed or ended. */
  incident: { access: 'viewer', payload: incidentSchema },
  /** What lasts and what is snoozed has changed. */
  openAlerts: { access: 'viewer', payload: openAlertsSchema },
  lanState: { access: 'local', payload: lanStateSchema },
  /** Asks the window to show a page, for instance a click in the tray menu. */
  navigate: { access: 'local', payload: z.strictObject({ path: z.string().max(200) }) },
  /** How an export, a backup or a restore goes; the last one says what came of it. */
  taskProgress: { access: 'local', payload: taskSchema },
  lanAccess: { access: 'local', payload: accessSummarySchema },
  powerState: { access: 'viewer', payload: powerControlStateSchema },
} as const satisfies Record<string, EventSpec>;

/** Name of a call. */
export type CallName = keyof typeof CALLS;
/** Name of an event. */
export type EventName = keyof typeof EVENTS;
/** What a caller sends. */
export type CallInput<N extends CallName> = z.input<(typeof CALLS)[N]['input']>;
/** What a handler gets, defaults filled in. */
export type HandlerInput<N extends CallName> = z.output<(typeof CALLS)[N]['input']>;
/** What a call answers. */
export type CallOutput<N extends CallName> = z.output<(typeof CALLS)[N]['output']>;
/** What an event carries. */
export type EventPayload<N extends EventName> = z.output<(typeof EVENTS)[N]['payload']>;
/** Settings, notices and whether monitoring is paused. */
export type AppState = z.infer<typeof appStateSchema>;

/** True when `name` is a call of the contract. */
export function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(CALLS, name);
}
