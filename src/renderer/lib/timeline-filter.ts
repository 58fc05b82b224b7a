/** Filter of the timeline, its form in the address and in a query. */
import { EVENT_SEVERITIES } from '../../shared/timeline/event-types';
import type { EventSeverity, EventsFilter } from '../../shared/timeline/event-schemas';
import { windowOf } from './range';
import type { RangeChoice } from './range';

/** Filter of the timeline; an empty part matches every event. */
export interface TimelineFilter {
  readonly types: readonly string[];
  readonly severities: readonly EventSeverity[];
  readonly text: string;
  /** Null for all events. */
  readonly range: RangeChoice | null;
}

/** The filter that matches every event. */
export const ALL_EVENTS: TimelineFilter = { types: [], severities: [], text: '', range: null };

/** Every severity, highest first. */
export const SEVERITIES: readonly EventSeverity[] = EVENT_SEVERITIES.toReversed();

const TYPE = /^[a-z][a-z0-9_]{0,49}$/;
/** Maximum number of types and length of the text that a query may have. */
const MAX = { types: 50, text: 200 } as const;

function parseList(params: URLSearchParams, name: string): readonly string[] {
  return [...new Set((params.get(name) ?? '').split(','))].filter((item) => item !== '');
}

/** The filter in an address; unknown values are ignored. `range` comes from the parameters that all pages share. */
export function parseFilter(params: URLSearchParams, range: RangeChoice | null): TimelineFilter {
  const named = parseList(params, 'severity');
  return {
    types: parseList(params, 'type').filter((type) => TYPE.test(type)).slice(0, MAX.types),
    severities: SEVERITIES.filter((severity) => named.includes(severity)),
    text: (params.get('text') ?? '').slice(0, MAX.text),
    range,
  };
}

/** The filter as query parameters of an address, without the range. */
export function toFilterParams({ types, severities, text }: TimelineFilter): readonly string[] {
  const given = { type: types.join(), severity: severities.join(), text };
  return Object.entries(given).flatMap(([name, value]) => (value === '' ? [] : [`${name}=${name === 'text' ? encodeURIComponent(value) : value}`]));
}

/** Whether the filter matches every event. */
export function isEmptyFilter({ types, severities, text, range }: TimelineFilter): boolean {
  return types.length === 0 && severities.length === 0 && text.trim() === '' && range === null;
}

/** The filter as a query, at `now`. A live range has no end. */
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
