/**
 * What a client over the network may learn, decided in this one place: for answers of calls, for pushed events and for
 * error texts alike. Both tables name everything; what is not in them is neither answered nor pushed. See decision 10.
 */
import type { AppState, CallName, CallOutput, EventName, EventPayload } from '../../shared/api/contract';
import type { Notice } from '../../shared/notice';
import { POWER_LABELS } from '../../shared/power/power-labels';
import type { PowerControlState } from '../../shared/power/power-schemas';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import { DEFAULT_SETTINGS, LOCAL_SECTIONS } from '../../shared/settings/settings-schema';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import type { ContainerDetails, ContainerList } from '../../shared/containers/container-schemas';
import type { ProbeResult, ServiceList } from '../../shared/services/service-schemas';
import { FAULT_TEXTS } from '../../shared/services/service-text';
import type { Status } from '../../shared/status-schema';
import { isMachineEvent } from '../../shared/machines/machine-calls';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import { isOwnEventType } from '../../shared/timeline/event-types';
import { eventVisibility } from '../../shared/timeline/event-visibility';
import type { Role } from '../access/identity';
import { LOCAL_USER_NAME } from '../power/power-control';
import { createTextRedaction } from './remote-text';

type Text = (text: string) => string;
type Details = ActivityEvent['details'];
type Faults = SampleBatch['faults'];
type Json = NonNullable<Details>[string];

/** The view of one call's answer; absent: the call has no remote answer. */
type CallViews = { readonly [N in CallName]?: (output: CallOutput<N>, role: Role) => CallOutput<N> };
/** The view of a pushed event; null: it is not pushed. */
type EventViews = { readonly [N in EventName]?: (payload: EventPayload<N>, role: Role) => EventPayload<N> | null };

/** The views. */
export interface RemoteView {
  readonly text: Text;
  readonly calls: CallViews;
  readonly events: EventViews;
  /** An event of the timeline; null where it is for the machine only. */
  event(event: ActivityEvent): ActivityEvent | null;
  batch(batch: SampleBatch): SampleBatch;
  snapshot(snapshot: Snapshot): Snapshot;
}

const same = <T>(value: T): T => value;

/** The user of an event that another program reported, as stored: whom it names, and the client that reported it. */
export function reportedUser(claimed: string | null, reporter: string): string {
  return claimed === null ? reporter : `${Array.from(claimed).slice(0, 150).join('')} (reported by ${reporter})`;
}

/** A field of the details of events reported over the network: the name of the client. */
export const REPORTED_BY = 'reportedBy';

function claimedUser(user: string | null, reporter: Json | undefined): string | null {
  if (typeof reporter !== 'string') return null;
  const suffix = ` (reported by ${reporter})`;
  return user?.endsWith(suffix) === true ? `${user.slice(0, -suffix.length)} (as reported)` : null;
}

/** An event of another program: its own text, without the name of the client that reported it. */
function foreignEvent(event: ActivityEvent): ActivityEvent {
  const { [REPORTED_BY]: reporter, ...details } = event.details ?? {};
  return { ...event, user: claimedUser(event.user, reporter), details: Object.keys(details).length === 0 ? null : details };
}

const POWER_VERBS: Readonly<Record<string, string>> = { power_requested: 'requested', power_confirmed: 'confirmed', power_cancelled: 'cancelled', power_started: 'started', power_failed: 'failed' };

function powerEvent(event: ActivityEvent): ActivityEvent {
  const action = event.details?.['action'];
  const noun = action === 'reboot' || action === 'shutdown' ? POWER_LABELS[action].noun : 'Restart or shutdown';
  return { ...event, message: `${noun} ${POWER_VERBS[event.type] ?? ''}`, user: null, details: action === undefined ? null : { action } };
}

const isLocalSetting = (change: Json): boolean => {
  const key = typeof change === 'object' && change !== null && !Array.isArray(change) ? change['key'] : null;
  return typeof key !== 'string' || LOCAL_SECTIONS.some((section) => key === section || key.startsWith(`${section}.`));
};

function deepText(value: Json, text: Text): Json {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((one) => deepText(one, text));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deepText(one, text)])) : value;
}

function redactedEvent(event: ActivityEvent, text: Text): ActivityEvent {
  if (event.type in POWER_VERBS) return powerEvent(event);
  const details = event.details === null ? null : (deepText(event.details, text) as Details);
  const plain = { ...event, message: text(event.message), user: null, details };
  const changes = details?.['changes'];
  if (event.type !== 'settings_changed' || !Array.isArray(changes) || !changes.some(isLocalSetting)) return plain;
  return { ...plain, message: 'Settings changed', details: { changes: changes.filter((change) => !isLocalSetting(change)) } };
}

function eventView(event: ActivityEvent, text: Text): ActivityEvent | null {
  const visibility = eventVisibility(event.type);
  if (visibility === 'local') return null;
  if (!isOwnEventType(event.type)) return foreignEvent(event);
  return visibility === 'shown' ? { ...event, user: null } : redactedEvent(event, text);
}

function faultsView(faults: Faults, text: Text): Faults {
  return Object.fromEntries(Object.entries(faults).flatMap(([family, fault]) => (fault === undefined ? [] : [[family, { ...fault, message: text(fault.message) }]])));
}

/** Without faults, as most are, it is the same object. */
function withFaults<T extends { readonly faults: Faults }>(value: T, text: Text): T {
  for (const _family in value.faults) return { ...value, faults: faultsView(value.faults, text) };
  return value;
}

function statusView(status: Status, text: Text): Status {
  if (status.status === 'Ok') return status;
  if (status.status === 'Error') return { ...status, error: { ...status.error, message: text(status.error.message) } };
  return { ...status, errors: status.errors.map((error) => ({ ...error, message: text(error.message) })) };
}

/** What clients know anyway, or need. A setting that is not named is told as its default: how the server is reached otherwise, and what it trusts, is for the machine only. */
function lanView({ enabled, port, tls, intervalSeconds }: LanSettings): LanSettings {
  return { ...DEFAULT_SETTINGS.lan, enabled, port, tls, intervalSeconds };
}

/** Notices about how secrets are kept: whom one would have to attack is for the machine only. */
const isOfSecrets = (id: string): boolean => id.startsWith('webhook-') || id.startsWith('service-secrets-');

/** Without settings and notices that only concern the machine; a viewer gets no webhooks. */
function appStateView({ settings, notices, ...state }: AppState, role: Role, text: Text): AppState {
  const { lan, alerts } = settings;
  const shown = notices.filter(({ id }) => !isOfSecrets(id)).map((notice: Notice) => ({ ...notice, title: text(notice.title), body: text(notice.body) }));
  return { ...state, settings: { ...settings, gettingStarted: [], services: [], containers: { ...DEFAULT_SETTINGS.containers, enabled: settings.containers.enabled }, lan: lanView(lan), alerts: role === 'admin' ? alerts : { ...alerts, webhooks: [] } }, notices: shown };
}

function powerView(state: PowerControlState, text: Text): PowerControlState {
  if (state.state !== 'idle') return { ...state, by: state.by === LOCAL_USER_NAME ? state.by : 'an admin in a browser' };
  if (state.outcome === null) return state;
  const { reason } = state.outcome;
  // Browsers do not hear of each other; that it was cancelled at the machine itself is said.
  const isOfBrowser = reason.startsWith('Cancelled by ') && reason !== `Cancelled by ${LOCAL_USER_NAME}.`;
  return { ...state, outcome: { ...state.outcome, reason: isOfBrowser ? 'Cancelled.' : text(reason) } };
}

/** Where an engine is reached is for the machine only. */
function containersView({ engines, containers }: ContainerList, text: Text): ContainerList {
  return { engines: engines.map((engine) => ({ ...engine, endpoint: '', reason: engine.reason === null ? null : text(engine.reason) })), containers };
}

/** A viewer learns neither the command line nor the folders of the machine, as with processes. */
function containerView(details: ContainerDetails, role: Role, text: Text): ContainerDetails {
  const healthLog = details.healthLog.map((entry) => ({ ...entry, output: text(entry.output) }));
  return role === 'admin' ? { ...details, healthLog } : { ...details, command: null, mounts: details.mounts.map((mount) => ({ ...mount, source: '' })), healthLog: [] };
}

/** What is probed where, and what came back, is for the machine only: of a fault its kind is told. */
function servicesView({ services, networkLost }: ServiceList): ServiceList {
  const told = (result: ProbeResult): ProbeResult => ({ ...result, text: result.fault === null ? '' : FAULT_TEXTS[result.fault], details: [] });
  return { services: services.map((service) => ({ ...service, target: null, result: service.result === null ? null : told(service.result) })), networkLost };
}

/** Why a machine may not report is for the machine only. */
const machinesView = (machines: CallOutput<'machines'>): CallOutput<'machines'> => machines.map((machine) => ({ ...machine, problem: machine.problem === null ? null : '' }));

/** Every call that exists over HTTP. */
function callViews(text: Text, snapshot: RemoteView['snapshot']): CallViews {
  const appState = (state: AppState, role: Role): AppState => appStateView(state, role, text);
  const power = (state: PowerControlState): PowerControlState => powerView(state, text);
  return {
    snapshot,
    series: same,
    stats: same,
    estimateHistory: same,
    gaps: same,
    // Filtered before, since their total must not count what is not shown (remote-handlers.ts).
    events: (response) => ({ ...response, events: response.events.flatMap((event) => eventView(event, text) ?? []) }),
    incidents: same,
    processSnapshots: same,
    backtestRule: same,
    host: (host) => ({ ...host, databasePath: null }),
    // Command lines are left out for viewers by the handler, which must not search them either.
    processes: same,
    status: (status) => statusView(status, text),
    appState,
    setViewedFamilies: same,
    updateSettings: appState,
    setPaused: appState,
    addEvent: (event) => eventView(event, text) ?? event,
    containers: (list) => containersView(list, text),
    containerDetails: (details, role) => containerView(details, role, text),
    containerDisk: (disks) => disks.map((disk) => ({ ...disk, folder: null, reason: disk.reason === null ? null : text(disk.reason) })),
    services: servicesView,
    machines: machinesView,
    openAlerts: same,
    acknowledge: same,
    snooze: same,
    unsnooze: same,
    powerState: power,
    powerRequest: power,
    powerConfirm: power,
    powerCancel: power,
  };
}

/** Creates the views. `folders` are the app's, whose names no text may hold. */
export function createRemoteView(folders: readonly string[]): RemoteView {
  const text = createTextRedaction(folders);
  const batch = (value: SampleBatch): SampleBatch => withFaults(value, text);
  const snapshot = (value: Snapshot): Snapshot => withFaults(value, text);
  const event = (value: ActivityEvent): ActivityEvent | null => eventView(value, text);
  const events: EventViews = {
    batch,
    appState: (state, role) => appStateView(state, role, text),
    event,
    incident: same,
    openAlerts: same,
    powerState: (state) => powerView(state, text),
    machines: machinesView,
    machineEvent: ({ machine, name, payload }, role) => {
      // Seen as an event of this machine would be.
      const view = isMachineEvent(name) ? (events[name] as ((payload: unknown, role: Role) => unknown) | undefined) : undefined;
      const seen = view?.(payload, role) ?? null;
      return seen === null ? null : { machine, name, payload: seen };
    },
  };
  return { text, calls: callViews(text, snapshot), events, event, batch, snapshot };
}
