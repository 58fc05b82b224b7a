/**
 * Room `shared/api`: the contract, the one description of all calls and events. The preload, the IPC and HTTP transports, the
 * typed client and the test doubles derive from it: a new call is an entry here and a handler.
 * All of src/shared may import only src/shared and zod, since it runs in Node and in browsers; everything may import it.
 */
import * as z from 'zod';
import { deletionPreviewSchema, deletionSchema } from './deletion-schemas';
import { incidentsResponseSchema, incidentSchema, incidentsQuerySchema } from '../alerts/incident';
import { activityEventSchema, eventsResponseSchema, eventsQuerySchema, newEventSchema } from '../timeline/event-schemas';
import { backtestResultSchema, backtestQuerySchema } from '../alerts/backtest-schemas';
import { processesQuerySchema, processSnapshotsResponseSchema, processTableSchema, topProcessesQuerySchema } from '../processes/process-schemas';
import { containerActionSchema, containerDetailsSchema, containerListSchema, engineDiskSchema } from '../containers/container-schemas';
import { heartbeatUrlsSchema, importedServicesSchema, probeResultSchema, serviceConfigsSchema, serviceListSchema, serviceSchema, serviceSecretsSchema } from '../services/service-schemas';
import { webhookStateSchema, webhookTestSchema, webhookInputSchema } from '../alerts/webhook';
import { powerActionSchema, powerControlStateSchema } from '../power/power-schemas';
import { createTokenSchema, accessSummarySchema, nameSchema, roleSchema, setAccountSchema } from '../sharing/access-schemas';
import { lanInterfacesSchema } from '../sharing/interface-schemas';
import { connectedClientsSchema } from '../sharing/connected-client';
import { autostartStatusSchema, diagnosticsQuerySchema, diagnosticsSchema, sandboxStateSchema, testNotificationSchema, trayStatusSchema, updateStatusSchema } from '../installation-schemas';
import { settingsPatchSchema } from '../settings/settings-schema';
import { joinSchema, machineIdSchema, machineListSchema, machineSettingsSchema, reportingSchema } from '../machines/machine-schemas';
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

/** Who may use a call: only clients on this machine (`local`), any signed-in client, or admins. Over HTTP `local` calls do not exist (404). */
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
  /** Statistics of several series over a range, with the time past the warning threshold of those that a rule warns about. */
  stats: query('viewer', statsQuerySchema, statsResponseSchema),
  /** What limits of history will cost, before they are saved. */
  estimateHistory: query('viewer', historyLimitsSchema, historyEstimateSchema),
  /** Times without samples whose reason is known. */
  gaps: query('viewer', gapsQuerySchema, gapsResponseSchema),
  /** Events of the timeline, newest first, a page at a time. */
  events: query('viewer', eventsQuerySchema, eventsResponseSchema),
  /** Incidents of a range, open ones included. */
  incidents: query('viewer', incidentsQuerySchema, incidentsResponseSchema),
  /** Stored process snapshots: periodic ones, and those of incidents. */
  processSnapshots: query('viewer', topProcessesQuerySchema, processSnapshotsResponseSchema),
  /** Backtests a rule, saved or not, on stored data. */
  backtestRule: query('viewer', backtestQuerySchema, backtestResultSchema),
  /** Facts about the machine. */
  host: query('viewer', none, hostSchema),
  /** Processes running now, read on request; command lines only for clients on this machine and admins. */
  processes: query('viewer', processesQuerySchema, processTableSchema),
  /** The machine's state in one small document, for status pages. */
  status: query('viewer', none, statusSchema),
  /** State of the LAN server. */
  lanState: query('local', none, lanStateSchema),
  /** Clients connected now; `lanState` is pushed whenever they change. */
  lanConnections: query('local', none, connectedClientsSchema),
  /** The network interfaces of the machine, where the server could listen. */
  lanInterfaces: query('local', none, lanInterfacesSchema),
  /** Settings, notices and whether monitoring is paused. */
  appState: query('viewer', none, appStateSchema),
  /** Sets the families the caller displays, which are sampled at the faster interval until the next such call. */
  setViewedFamilies: command('viewer', z.strictObject({ families: z.array(familyIdSchema).max(50) }), done),
  updateSettings: command('admin', settingsPatchSchema, appStateSchema),
  setPaused: command('admin', z.strictObject({ paused: z.boolean() }), appStateSchema),
  /** Writes an event of another program. */
  addEvent: command('admin', newEventSchema, activityEventSchema),
  dismissNotice: command('local', z.strictObject({ id: z.string().max(100) }), appStateSchema),
  /** Start at login, as the system reports it now. */
  autostart: query('local', none, autostartStatusSchema),
  setAutostart: command('local', z.strictObject({ enabled: z.boolean() }), autostartStatusSchema),
  /** What is known of the desktop's tray; `trayStatus` is pushed whenever that changes. */
  trayStatus: query('local', none, trayStatusSchema),
  /** Whether Chromium's sandbox is on. */
  sandbox: query('local', none, z.strictObject({ state: sandboxStateSchema })),
  /** What a bug report needs to say, as text. */
  diagnostics: query('local', diagnosticsQuerySchema, diagnosticsSchema),
  /** What is known about updates; `updates` is pushed whenever that changes. */
  updates: query('local', none, updateStatusSchema),
  /** Asks the update server now. */
  checkForUpdates: command('local', none, updateStatusSchema),
  /** Begins to download the newer version. */
  downloadUpdate: command('local', none, updateStatusSchema),
  cancelUpdate: command('local', none, updateStatusSchema),
  /** Installs what was downloaded and restarts Traywatch. */
  installUpdate: command('local', none, updateStatusSchema),
  /** Opens the page of the newer version in the browser. */
  openUpdatePage: command('local', none, done),
  /** Opens the data folder in the file manager. */
  showDataFolder: command('local', none, done),
  /** Saves a file created by the page; a dialog asks where. */
  saveFile: command('local', saveFileSchema, savedSchema),
  /** Exports history to a file chosen in a dialog; `taskProgress` reports the progress. */
  exportHistory: command('local', exportSchema, startedSchema),
  /** Copies the whole history to a file chosen in a dialog. */
  backupHistory: command('local', none, startedSchema),
  /** Replaces the history with a backup; the present history is kept beside it. */
  restoreHistory: command('local', none, startedSchema),
  /** What a deletion would remove, and the devices that could be deleted. */
  previewDeletion: query('local', deletionSchema, deletionPreviewSchema),
  /** Deletes a part of the history for good, as a task. On the machine alone: no admin elsewhere can do it. */
  deleteHistory: command('local', deletionSchema, startedSchema),
  /** Cancels an export or a backup; the partial file is removed. */
  cancelTask: command('local', z.strictObject({ id: z.int() }), done),
  /** Open incidents, and active snoozes. */
  openAlerts: query('viewer', none, openAlertsSchema),
  acknowledge: command('admin', acknowledgeSchema, openAlertsSchema),
  /** Snoozes a series, a rule or everything; replaces a snooze of the same target. */
  snooze: command('admin', snoozeInputSchema, openAlertsSchema),
  unsnooze: command('admin', unsnoozeSchema, openAlertsSchema),
  /** Shows a notification and returns what the desktop made of it. */
  testNotification: command('local', none, testNotificationSchema),
  /** State of the webhooks, without the secret part of their URLs. */
  webhooks: query('local', none, webhookStates),
  /** Creates or changes a webhook; its URL is never returned. */
  setWebhook: command('local', webhookInputSchema, webhookStates),
  /** Sends a test message and returns the server's response. */
  testWebhook: command('local', webhookId, webhookTestSchema),
  removeWebhook: command('local', webhookId, webhookStates),
  /** Saves all alert settings to a file chosen in a dialog. */
  exportAlerts: command('local', none, savedSchema),
  /** Imports alert settings from a file; the response carries the previous ones, to undo it. */
  importAlerts: command('local', none, importedAlertsSchema),
  /** Container engines, and all containers. */
  containers: query('viewer', none, containerListSchema),
  /** What else an engine tells of a container. */
  containerDetails: query('viewer', byId, containerDetailsSchema),
  /** Starts, stops or restarts a container, where the settings allow it. */
  containerAction: command('local', z.strictObject({ id, action: containerActionSchema }), containerListSchema),
  /** Disk space that container engines use, as far as it is known. */
  containerDisk: query('viewer', none, z.array(engineDiskSchema).readonly()),
  /** Walks through the files of an engine, as a task. */
  measureContainerDisk: command('local', z.strictObject({ engine: id }), startedSchema),
  /** What is probed, and its state. */
  services: query('viewer', none, serviceListSchema),
  /** How what is probed was set up. */
  serviceConfigs: query('local', none, serviceConfigsSchema),
  /** Adds a service, or changes the one with its id. Secrets that are not named stay as they are. */
  saveService: command('local', z.strictObject({ service: serviceSchema, secrets: serviceSecretsSchema.default({}) }), serviceConfigsSchema),
  removeService: command('local', byId, serviceConfigsSchema),
  /** Probes once, saved or not, and tells what came back; the result does not count. */
  testService: command('local', z.strictObject({ service: serviceSchema, secrets: serviceSecretsSchema.default({}) }), probeResultSchema),
  /** A new token for a job that calls in; an earlier one ends. */
  newHeartbeat: command('local', byId, heartbeatUrlsSchema),
  /** Saves all services, without secrets, to a file chosen in a dialog. */
  exportServices: command('local', none, savedSchema),
  importServices: command('local', none, importedServicesSchema),
  /** All machines: this one, and those that report here. */
  machines: query('viewer', none, machineListSchema),
  /** Changes what is set for a machine that reports here. */
  saveMachine: command('local', z.strictObject({ id: machineIdSchema, settings: machineSettingsSchema }), machineListSchema),
  /** Revokes the access of a machine and deletes its history here. */
  removeMachine: command('local', z.strictObject({ id: machineIdSchema }), machineListSchema),
  /** How this machine reports to a hub; `reporting` is pushed whenever that changes. */
  reporting: query('local', none, reportingSchema),
  /** Joins a hub: without a fingerprint its certificate is told, with it access is requested. */
  joinHub: command('local', joinSchema, reportingSchema),
  /** Reports to no hub any more. */
  leaveHub: command('local', none, reportingSchema),
  /** Devices, accounts, API tokens, access requests and the pairing code. */
  lanAccess: query('local', none, accessSummarySchema),
  /** Creates a pairing code; the previous one ends. */
  lanPairingStart: command('local', none, accessSummarySchema),
  lanPairingCancel: command('local', none, accessSummarySchema),
  /** Approves an access request: of a browser with a role, of a machine that wants to report here with none. */
  lanApprove: command('local', z.strictObject({ id, role: roleSchema.nullable() }), accessSummarySchema),
  lanDeny: command('local', byId, accessSummarySchema),
  lanRenameDevice: command('local', z.strictObject({ id, name: nameSchema }), accessSummarySchema),
  lanSetRole: command('local', z.strictObject({ id, role: roleSchema }), accessSummarySchema),
  /** Revokes a device at once. */
  lanRevoke: command('local', byId, accessSummarySchema),
  /** Creates or changes an account; a new password signs its devices out. */
  lanSetAccount: command('local', setAccountSchema, accessSummarySchema),
  lanRemoveAccount: command('local', z.strictObject({ name: z.string().max(100) }), accessSummarySchema),
  /** The token itself is returned here and nowhere else. */
  lanCreateToken: command('local', createTokenSchema, z.strictObject({ token: z.string(), access: accessSummarySchema })),
  lanRemoveToken: command('local', byId, accessSummarySchema),
  /** State of remote restart and shutdown. */
  powerState: query('viewer', none, powerControlStateSchema),
  powerRequest: command('admin', z.strictObject({ action: powerActionSchema }), powerControlStateSchema),
  /** With the password of the requester, or without one on the machine. */
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
  /** Open incidents or snoozes have changed. */
  openAlerts: { access: 'viewer', payload: openAlertsSchema },
  lanState: { access: 'local', payload: lanStateSchema },
  trayStatus: { access: 'local', payload: trayStatusSchema },
  /** Navigates the window to a page, for instance after a click in the tray menu. */
  navigate: { access: 'local', payload: z.strictObject({ path: z.string().max(4000) }) },
  /** Progress of an export, a backup or a restore; the last one has the result. */
  taskProgress: { access: 'local', payload: taskSchema },
  lanAccess: { access: 'local', payload: accessSummarySchema },
  powerState: { access: 'viewer', payload: powerControlStateSchema },
  updates: { access: 'local', payload: updateStatusSchema },
  /** Something of a machine has changed; at most every two seconds. */
  machines: { access: 'viewer', payload: machineListSchema },
  /** An event of another machine that this client watches: `name` and `payload` of an event of this list (machine-calls.ts). */
  machineEvent: { access: 'viewer', payload: z.strictObject({ machine: machineIdSchema, name: z.string(), payload: z.unknown() }) },
  reporting: { access: 'local', payload: reportingSchema },
} as const satisfies Record<string, EventSpec>;

/** Name of a call. */
export type CallName = keyof typeof CALLS;
/** Name of an event. */
export type EventName = keyof typeof EVENTS;
/** What a caller sends. */
export type CallInput<N extends CallName> = z.input<(typeof CALLS)[N]['input']>;
/** What a handler gets, with defaults. */
export type HandlerInput<N extends CallName> = z.output<(typeof CALLS)[N]['input']>;
/** What a call returns. */
export type CallOutput<N extends CallName> = z.output<(typeof CALLS)[N]['output']>;
/** What an event carries. */
export type EventPayload<N extends EventName> = z.output<(typeof EVENTS)[N]['payload']>;
/** Settings, notices and whether monitoring is paused. */
export type AppState = z.infer<typeof appStateSchema>;

/** True when `name` is a call of the contract. */
export function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(CALLS, name);
}
