/**
 * The room timeline: what is written to the activity timeline (events of the app's life, changes of settings) and the
 * notices of the app about itself.
 *
 * It may import src/shared, the engine, lib and its neighbors access, power, alerts, history and settings. It may not
 * import core, desktop, lan or transports; all of those and the neighbors may import it.
 *
 * This file writes the app's own events: a message that is too long is cut, and an error is logged, never thrown.
 */
import { EVENT_LIMITS, newEventSchema } from '../../shared/timeline/event-schemas';
import type { EventInput, NewEvent } from '../../shared/timeline/event-schemas';
import { messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { ActivityLog, Store } from '../engine/store/store-types';

/** Writes an event to the timeline; `time` in epoch ms, now unless given. Never throws. */
export type EventRecorder = (event: EventInput, time?: number) => void;

/** What is needed to write events. */
export interface EventRecorderParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** The message, cut to the longest that is stored. */
function cut(message: string): string {
  const characters = Array.from(message);
  return characters.length <= EVENT_LIMITS.message ? message : `${characters.slice(0, EVENT_LIMITS.message - 1).join('')}…`;
}

/** An event validated and with its defaults; a message that is too long is cut. Throws a ZodError for an event that is invalid otherwise. */
export function toNewEvent(event: EventInput): NewEvent {
  return newEventSchema.parse({ ...event, message: cut(event.message) });
}

/** Writes to one activity log: for events from before the store is in use. */
export function recordIn(activity: ActivityLog, { clock, log }: EventRecorderParts, event: EventInput, time = clock.now()): void {
  try {
    activity.addEvent(toNewEvent(event), time);
  } catch (error) {
    log.error('an event could not be written', { type: event.type, reason: messageOf(error) });
  }
}

/** A recorder that writes to the store; `store` may be a proxy whose store is replaced later. */
export function createEventRecorder(store: Store, parts: EventRecorderParts): EventRecorder {
  return (event, time) => recordIn(store.activity, parts, event, time);
}
