/** Names of all events, apart from their schemas: a page that listens needs no more. A missing one does not compile. */
import type { CallName, EventName } from './contract';

/**
 * What an event tells. news: something that happened, once. state: how something stands, which the query of the same
 * name answers as well. local: for the desktop alone.
 */
type Kind<N extends EventName> = 'news' | 'local' | (N extends CallName ? 'state' : never);

const EVENT_KINDS: { readonly [N in EventName]: Kind<N> } = {
  batch: 'news',
  appState: 'state',
  event: 'news',
  incident: 'news',
  openAlerts: 'state',
  navigate: 'local',
  taskProgress: 'local',
  lanState: 'local',
  lanAccess: 'local',
  powerState: 'state',
};

const NAMES = Object.keys(EVENT_KINDS) as EventName[];

/** Events a viewer on the LAN may get. */
export const REMOTE_EVENTS: readonly EventName[] = NAMES.filter((name) => EVENT_KINDS[name] !== 'local');
/** Those of them that can be asked for. */
export const STATE_EVENTS: readonly EventName[] = NAMES.filter((name) => EVENT_KINDS[name] === 'state');
