/** Writes events of the app's own making: whatever their text, they become an event that can be kept. */
import { EVENT_LIMITS, newEventSchema } from '../../shared/timeline/event-schemas';
import type { EventInput, NewEvent } from '../../shared/timeline/event-schemas';
import { messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { ActivityLog, Store } from '../engine/store/store-types';

/** Writes an event; `time` is now unless given, epoch ms. Never throws. */
export type EventRecorder = (event: EventInput, time?: number) => void;

/** What is needed to write. */
export interface RecorderParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** A message cut to the length that may be kept. */
function cut(message: string): string {
  const characters = Array.from(message);
  return characters.length <= EVENT_LIMITS.message ? message : `${characters.slice(0, EVENT_LIMITS.message - 1).join('')}…`;
}

/** An event checked and filled in; a message that is too long is cut. Throws a ZodError for an event that is wrong otherwise. */
export function toNewEvent(event: EventInput): NewEvent {
  return newEventSchema.parse({ ...event, message: cut(event.message) });
}

/** Writes into one journal: for what must be told before the store is in its place. */
export function recordIn(activity: ActivityLog, { clock, log }: RecorderParts, event: EventInput, time = clock.now()): void {
  try {
    activity.addEvent(toNewEvent(event), time);
  } catch (error) {
    log.error('an event could not be written', { type: event.type, reason: messageOf(error) });
  }
}

/** A recorder over the store of the moment. */
export function createRecorder(store: Store, parts: RecorderParts): EventRecorder {
  return (event, time) => recordIn(store.activity, parts, event, time);
}
