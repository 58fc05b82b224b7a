/** Pages and how they stand in the address, so that the browser's own Back undoes a zoom. */
import { isFamilyId } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { isSpan, SHORTEST } from './range';
import type { RangeChoice, Span } from './range';

/** A page of the window. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'family'; readonly family: FamilyId; readonly range: RangeChoice }
  | { readonly page: 'host' }
  | { readonly page: 'settings' };

/** The range a page opens with. */
export const FIRST_SPAN: Span = '5m';

function parseRange(query: URLSearchParams): RangeChoice {
  const word = query.get('range') ?? '';
  const span = isSpan(word) ? word : FIRST_SPAN;
  const from = Number(query.get('from') ?? Number.NaN);
  const to = Number(query.get('to') ?? Number.NaN);
  const fixed = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to - from >= SHORTEST;
  return fixed ? { kind: 'fixed', from, to, span } : { kind: 'live', span };
}

/** The page an address such as `#/cpu?range=1h` means; anything unknown is the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  if (path === 'host' || path === 'settings') return { page: path };
  if (isFamilyId(path)) return { page: 'family', family: path, range: parseRange(new URLSearchParams(query)) };
  return { page: 'overview' };
}

/** The address of a page. */
export function formatRoute(route: Route): string {
  if (route.page === 'overview') return '#/';
  if (route.page !== 'family') return `#/${route.page}`;
  const { range } = route;
  const times = range.kind === 'fixed' ? `&from=${range.from}&to=${range.to}` : '';
  return `#/${route.family}?range=${range.span}${times}`;
}

/** The address of a family's page with its first range. */
export function familyLink(family: FamilyId): string {
  return formatRoute({ page: 'family', family, range: { kind: 'live', span: FIRST_SPAN } });
}
