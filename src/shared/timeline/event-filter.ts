/** Filters timeline events, in the store and on the page alike. Pure. */
import type { ActivityEvent, EventsFilter } from './event-schemas';

/** Text normalized for comparison: composed (NFC) and in lower case. */
function normalizeText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** True if the message contains all words of `text`, ignoring case. */
export function containsAllWords(message: string, text: string): boolean {
  const normalized = normalizeText(message);
  return normalizeText(text).split(/\s+/u).every((word) => normalized.includes(word));
}

/** True if an event matches the filter. */
export function matchesEvent({ type, severity, message, time }: Pick<ActivityEvent, 'type' | 'severity' | 'message' | 'time'>, { types = [], severities = [], text = '', from, to }: EventsFilter): boolean {
  return (
    (types.length === 0 || types.includes(type)) &&
    (severities.length === 0 || severities.includes(severity)) &&
    (from === undefined || time >= from) &&
    (to === undefined || time < to) &&
    containsAllWords(message, text)
  );
}
