/** Names and kinds of all events, apart from their schemas, which a listener does not need. A missing one does not compile. */
import type { CallName, EventName } from './contract';

/**
 * Kind of an event. event: something that happened once. state: a state, which the query of the same name returns as
 * well. local: only for clients on the machine.
 */
type EventKind<N extends EventName> = 'event' | 'local' | (N extends CallName ? 'state' : never);

const EVENT_KINDS: { readonly [N in EventName]: EventKind<N> } = {
  batch: 'event',
  appState: 'state',
  event: 'event',
  incident: 'event',
  openAlerts: 'state',
  trayStatus: 'local',
  navigate: 'local',
  taskProgress: 'local',
  lanState: 'local',
  lanAccess: 'local',
  powerState: 'state',
  updates: 'local',
  machines: 'state',
  machineEvent: 'event',
  reporting: 'local',
};

const NAMES = Object.keys(EVENT_KINDS) as EventName[];

/** Events that are sent to remote clients. */
export const REMOTE_EVENTS: readonly EventName[] = NAMES.filter((name) => EVENT_KINDS[name] !== 'local');
/** Those of them whose state can be queried. */
export const STATE_EVENTS: readonly EventName[] = NAMES.filter((name) => EVENT_KINDS[name] === 'state');
