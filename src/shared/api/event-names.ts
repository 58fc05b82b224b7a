/** Names of all events, apart from their schemas: a page that listens needs no more. A missing one does not compile. */
import type { EventName } from './contract';

const NAMES = { batch: true, appState: true, navigate: true, taskProgress: true, lanState: true, lanAccess: true, controlState: true } as const satisfies Record<EventName, true>;

/** Every event. */
export const EVENT_NAMES = Object.keys(NAMES) as readonly EventName[];
