/** Which events a filter lets through: the same test in the store and on the page. Pure. */
import type { ActivityEvent, EventsFilter } from './event-schemas';

/** Text as it is compared: composed, and in lower case. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** True when all words of `text` are found in the message, upper and lower case alike. */
export function containsAllWords(message: string, text: string): boolean {
  const folded = fold(message);
  return fold(text).split(/\s+/u).every((word) => folded.includes(word));
}

/** True for an event the filter lets through. */
export function matchesEvent({ type, severity, message, time }: Pick<ActivityEvent, 'type' | 'severity' | 'message' | 'time'>, { types = [], severities = [], text = '', from, to }: EventsFilter): boolean {
  return (
    (types.length === 0 || types.includes(type)) &&
    (severities.length === 0 || severities.includes(severity)) &&
    (from === undefined || time >= from) &&
    (to === undefined || time < to) &&
    containsAllWords(message, text)
  );
}
