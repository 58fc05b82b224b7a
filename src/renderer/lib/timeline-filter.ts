/** What of the timeline is shown, and how that stands in the address. */
import { EVENT_SEVERITIES } from '../../shared/timeline/event-types';
import type { EventSeverity, EventsFilter } from '../../shared/timeline/event-schemas';
import { windowOf } from './range';
import type { RangeChoice } from './range';

/** The filters of the timeline; empty ones let everything through. */
export interface TimelineFilter {
  readonly types: readonly string[];
  readonly severities: readonly EventSeverity[];
  readonly text: string;
  /** Null for all there is. */
  readonly range: RangeChoice | null;
}

/** Everything. */
export const ALL_EVENTS: TimelineFilter = { types: [], severities: [], text: '', range: null };

/** Every severity, the gravest first. */
export const SEVERITIES: readonly EventSeverity[] = EVENT_SEVERITIES.toReversed();

const TYPE = /^[a-z][a-z0-9_]{0,49}$/;
/** As many types, and as long a text, as a question may hold. */
const MAX = { types: 50, text: 200 } as const;

function listIn(words: URLSearchParams, name: string): readonly string[] {
  return [...new Set((words.get(name) ?? '').split(','))].filter((word) => word !== '');
}

/** The filter an address means; what it does not know is left out. `range` comes from the words all pages share. */
export function parseFilter(words: URLSearchParams, range: RangeChoice | null): TimelineFilter {
  const named = listIn(words, 'severity');
  return {
    types: listIn(words, 'type').filter((type) => TYPE.test(type)).slice(0, MAX.types),
    severities: SEVERITIES.filter((severity) => named.includes(severity)),
    text: (words.get('text') ?? '').slice(0, MAX.text),
    range,
  };
}

/** The filter as words of an address, without the range. */
export function toFilterParams({ types, severities, text }: TimelineFilter): readonly string[] {
  const given = { type: types.join(), severity: severities.join(), text };
  return Object.entries(given).flatMap(([name, value]) => (value === '' ? [] : [`${name}=${name === 'text' ? encodeURIComponent(value) : value}`]));
}

/** True when everything is let through. */
export function isEmptyFilter({ types, severities, text, range }: TimelineFilter): boolean {
  return types.length === 0 && severities.length === 0 && text.trim() === '' && range === null;
}

/** The filter as a question, at `now`. A range that ends now stays open at its end. */
export function toEventsFilter({ types, severities, text, range }: TimelineFilter, now: number): EventsFilter {
  const window = range === null ? null : windowOf(range, now);
  return {
    ...(types.length === 0 ? {} : { types: [...types] }),
    ...(severities.length === 0 ? {} : { severities: [...severities] }),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(window === null ? {} : { from: Math.max(0, window.from) }),
    ...(window === null || range?.kind !== 'fixed' ? {} : { to: window.to }),
  };
}
