/** Pages and how they stand in the address, so that the browser's own Back undoes a zoom. */
import { isFamilyId } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { isSpan, SHORTEST } from './range';
import type { RangeChoice, Span } from './range';
import { toFilterParams, parseFilter } from './timeline-filter';
import type { TimelineFilter } from './timeline-filter';

/** What a chart is compared with: the same hours of an earlier day. */
export type Compare = 'day' | 'week';

/** Each comparison in words, and how many days back it looks. */
export const COMPARES: Readonly<Record<Compare, { readonly label: string; readonly days: number }>> = {
  day: { label: 'Yesterday', days: 1 },
  week: { label: 'Last week', days: 7 },
};

/** A page of the window. */
export type Route =
  | { readonly page: 'overview' }
  /** `at`, epoch ms, is a moment that was picked: the page tells what ran then. */
  | { readonly page: 'family'; readonly family: FamilyId; readonly range: RangeChoice; readonly compare?: Compare; readonly at?: number }
  | { readonly page: 'timeline'; readonly filter: TimelineFilter }
  | { readonly page: 'stats'; readonly range: RangeChoice }
  /** `rule`: the rule being edited; NEW_RULE for one that is being made. */
  | { readonly page: 'alerts'; readonly rule?: string }
  | { readonly page: 'processes' }
  | { readonly page: 'host' }
  | { readonly page: 'settings' }
  | { readonly page: 'sharing' };

/** Stands for the rule that is being made; no rule has such an id. */
export const NEW_RULE = '+';

/** The range a page opens with. */
const FIRST_SPAN: Span = '5m';

/** The range the Statistics page opens with: one of those that always stand there. */
const STATS_SPAN: Span = '24h';

/** True for a word that names a comparison. */
export function isCompare(word: string): word is Compare {
  return Object.hasOwn(COMPARES, word);
}

function parseRange(query: URLSearchParams, first: Span): RangeChoice {
  const word = query.get('range') ?? '';
  const span = isSpan(word) ? word : first;
  const from = Number(query.get('from') ?? Number.NaN);
  const to = Number(query.get('to') ?? Number.NaN);
  const fixed = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to - from >= SHORTEST;
  return fixed ? { kind: 'fixed', from, to, span } : { kind: 'live', span };
}

/** The range of the timeline: all there is unless the address names one. */
function parseTimelineRange(words: URLSearchParams): RangeChoice | null {
  const range = parseRange(words, STATS_SPAN);
  return range.kind === 'fixed' || isSpan(words.get('range') ?? '') ? range : null;
}

function parseMoment(words: URLSearchParams): number | null {
  const at = Number(words.get('at') ?? Number.NaN);
  return Number.isSafeInteger(at) && at > 0 ? at : null;
}

/** The page an address such as `#/cpu?range=1h` means; anything unknown is the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  if (path === 'processes' || path === 'host' || path === 'settings' || path === 'sharing') return { page: path };
  const words = new URLSearchParams(query);
  if (path === 'stats') return { page: path, range: parseRange(words, STATS_SPAN) };
  if (path === 'alerts') {
    const rule = words.get('rule') ?? '';
    return { page: path, ...(rule === '' ? {} : { rule }) };
  }
  if (path === 'timeline') return { page: path, filter: parseFilter(words, parseTimelineRange(words)) };
  if (!isFamilyId(path)) return { page: 'overview' };
  const at = parseMoment(words);
  const compare = words.get('compare') ?? '';
  return { page: 'family', family: path, range: parseRange(words, FIRST_SPAN), ...(isCompare(compare) ? { compare } : {}), ...(at === null ? {} : { at }) };
}

function formatRange(range: RangeChoice): string {
  return `range=${range.span}${range.kind === 'fixed' ? `&from=${range.from}&to=${range.to}` : ''}`;
}

function formatTimeline(filter: TimelineFilter): string {
  const words = [...toFilterParams(filter), ...(filter.range === null ? [] : [formatRange(filter.range)])];
  return words.length === 0 ? '#/timeline' : `#/timeline?${words.join('&')}`;
}

/** The address of a page. */
export function formatRoute(route: Route): string {
  if (route.page === 'overview') return '#/';
  if (route.page === 'stats') return `#/stats?${formatRange(route.range)}`;
  if (route.page === 'alerts') return route.rule === undefined ? '#/alerts' : `#/alerts?rule=${encodeURIComponent(route.rule)}`;
  if (route.page === 'timeline') return formatTimeline(route.filter);
  if (route.page !== 'family') return `#/${route.page}`;
  const { family, range, compare, at } = route;
  return `#/${family}?${formatRange(range)}${compare === undefined ? '' : `&compare=${compare}`}${at === undefined ? '' : `&at=${at}`}`;
}

/** The address of a family's page with its first range. */
export function familyLink(family: FamilyId): string {
  return formatRoute({ page: 'family', family, range: { kind: 'live', span: FIRST_SPAN } });
}
