/**
 * The lib room: pure helpers for routes, ranges, text, sorting and theme that every other room uses. This file maps pages to
 * addresses and back: the route is in the fragment, so that the browser's Back undoes a zoom.
 * Files of this room may import src/shared and each other (theme.ts also React); they must not import features, app or the
 * files directly under src/renderer.
 */
import { isFamilyId } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { isSpan, SHORTEST } from './range';
import type { RangeChoice, Span } from './range';
import { toFilterParams, parseFilter } from './timeline-filter';
import type { TimelineFilter } from './timeline-filter';

/** What a chart is compared with: the same hours of an earlier day. */
export type Compare = 'day' | 'week';

/** Each comparison: its label, and how many days earlier it is. */
export const COMPARES: Readonly<Record<Compare, { readonly label: string; readonly days: number }>> = {
  day: { label: 'Yesterday', days: 1 },
  week: { label: 'Last week', days: 7 },
};

/** A page and its parameters. */
export type Route =
  | { readonly page: 'overview' }
  /** All machines. `edit`: id of the one whose settings are shown, NEW_DEVICE for adding one. `sort`: those that ask for attention first unless given. */
  | { readonly page: 'machines'; readonly edit?: string; readonly sort?: MachineSort; readonly find?: string }
  /**
   * The page on which `family` stands, opened where it begins; its other families are shown over the same range. The address
   * names the family and not the page, so that a link stays right when families move to another page.
   * `at`, epoch ms, is a time that was picked: the page shows the processes then. `incident` is the id of one whose link led
   * here; with a live range the page looks up its times and shows all of it. `device`: the page is of that device alone.
   * `edit`: id of the device whose setup is edited, NEW_DEVICE for a new one, where devices are set up by a person.
   */
  | { readonly page: 'family'; readonly family: FamilyId; readonly range: RangeChoice; readonly compare?: Compare; readonly at?: number; readonly incident?: string; readonly device?: string; readonly edit?: string }
  | { readonly page: 'timeline'; readonly filter: TimelineFilter }
  | { readonly page: 'stats'; readonly range: RangeChoice }
  /** `rule`: id of the rule being edited; NEW_RULE for a new one. */
  | { readonly page: 'alerts'; readonly rule?: string }
  | { readonly page: 'processes' }
  | { readonly page: 'host' }
  | { readonly page: 'settings' }
  | { readonly page: 'sharing' };

/** Id of a new rule in the address; no stored rule has it. */
export const NEW_RULE = '+';

/** The same of a new device. */
export const NEW_DEVICE = '+';

/** Default range of a metric page. */
const METRIC_SPAN: Span = '5m';

/** Default range of the Statistics page, which always shows it. */
const STATS_SPAN: Span = '24h';

/** Whether a text is a comparison. */
export function isCompare(text: string): text is Compare {
  return Object.hasOwn(COMPARES, text);
}

/** An address of another machine: `#/m/` with its id (shared/machines/machine-schemas.ts), and the page. */
const OF_MACHINE = /^#?\/?m\/([0-9a-f]{32})(?=[/?]|$)/;

/** Id of the other machine that an address is of; null for the one Traywatch runs on. */
export function machineOf(address: string): string | null {
  return OF_MACHINE.exec(address)?.[1] ?? null;
}

/** The same page of a machine: `#/cpu` as `#/m/<id>/cpu`; null for the one Traywatch runs on. */
export function addressOn(machine: string | null, address: string): string {
  const path = address.replace(OF_MACHINE, '').replace(/^#?\/?/, '');
  return machine === null ? `#/${path}` : `#/m/${machine}/${path}`;
}

function parseRange(params: URLSearchParams, defaultSpan: Span): RangeChoice {
  const text = params.get('range') ?? '';
  const span = isSpan(text) ? text : defaultSpan;
  const from = Number(params.get('from') ?? Number.NaN);
  const to = Number(params.get('to') ?? Number.NaN);
  const fixed = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to - from >= SHORTEST;
  return fixed ? { kind: 'fixed', from, to, span } : { kind: 'live', span };
}

/** The range of the timeline; null, for all events, unless the address has one. */
function parseTimelineRange(params: URLSearchParams): RangeChoice | null {
  const range = parseRange(params, STATS_SPAN);
  return range.kind === 'fixed' || isSpan(params.get('range') ?? '') ? range : null;
}

/** Longest id of an incident in an address. */
const MAX_INCIDENT = 600;

function parseIncident(params: URLSearchParams): { readonly incident?: string } {
  const id = params.get('incident') ?? '';
  return id === '' || id.length > MAX_INCIDENT ? {} : { incident: id };
}

/** Longest id of a device in an address. */
const MAX_DEVICE = 300;

/** The device that the page is of, and the one that is edited. */
function parseDevices(params: URLSearchParams): { readonly device?: string; readonly edit?: string } {
  const [device, edit] = [params.get('device') ?? '', params.get('edit') ?? ''];
  const isId = (text: string): boolean => text !== '' && text.length <= MAX_DEVICE;
  return { ...(isId(device) ? { device } : {}), ...(isId(edit) ? { edit } : {}) };
}

/** Orders of the machines besides the usual one, which has those first that ask for attention: by name, or in groups by their first tag. */
export type MachineSort = 'name' | 'tag';

/** Whether a text is such an order. */
export function isMachineSort(text: string): text is MachineSort {
  return text === 'name' || text === 'tag';
}

/** Longest text that machines are searched for. */
const MAX_FIND = 100;

function parseMachines(params: URLSearchParams): Route {
  const find = (params.get('find') ?? '').slice(0, MAX_FIND);
  const { edit } = parseDevices(params);
  const sort = params.get('sort') ?? '';
  return { page: 'machines', ...(edit === undefined ? {} : { edit }), ...(isMachineSort(sort) ? { sort } : {}), ...(find === '' ? {} : { find }) };
}

function parseTime(params: URLSearchParams): number | null {
  const at = Number(params.get('at') ?? Number.NaN);
  return Number.isSafeInteger(at) && at > 0 ? at : null;
}

/** The page of an address such as `#/cpu?range=1h`, whichever machine it is of; anything unknown is the Overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(OF_MACHINE, '').replace(/^#?\/?/, '').split('?');
  if (path === 'processes' || path === 'host' || path === 'settings' || path === 'sharing') return { page: path };
  const params = new URLSearchParams(query);
  if (path === 'stats') return { page: path, range: parseRange(params, STATS_SPAN) };
  if (path === 'machines') return parseMachines(params);
  if (path === 'alerts') {
    const rule = params.get('rule') ?? '';
    return { page: path, ...(rule === '' ? {} : { rule }) };
  }
  if (path === 'timeline') return { page: path, filter: parseFilter(params, parseTimelineRange(params)) };
  if (!isFamilyId(path)) return { page: 'overview' };
  const at = parseTime(params);
  const compare = params.get('compare') ?? '';
  return { page: 'family', family: path, range: parseRange(params, METRIC_SPAN), ...(isCompare(compare) ? { compare } : {}), ...(at === null ? {} : { at }), ...parseIncident(params), ...parseDevices(params) };
}

function formatRange(range: RangeChoice): string {
  return `range=${range.span}${range.kind === 'fixed' ? `&from=${range.from}&to=${range.to}` : ''}`;
}

function formatTimeline(filter: TimelineFilter): string {
  const parts = [...toFilterParams(filter), ...(filter.range === null ? [] : [formatRange(filter.range)])];
  return parts.length === 0 ? '#/timeline' : `#/timeline?${parts.join('&')}`;
}

function formatMachines({ edit, sort, find }: Extract<Route, { readonly page: 'machines' }>): string {
  const parts = Object.entries({ edit, sort, find }).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return parts.length === 0 ? '#/machines' : `#/machines?${parts.join('&')}`;
}

/** The address of a page of the machine Traywatch runs on; `addressOn` makes that of another machine of it. */
export function formatRoute(route: Route): string {
  if (route.page === 'overview') return '#/';
  if (route.page === 'stats') return `#/stats?${formatRange(route.range)}`;
  if (route.page === 'alerts') return route.rule === undefined ? '#/alerts' : `#/alerts?rule=${encodeURIComponent(route.rule)}`;
  if (route.page === 'machines') return formatMachines(route);
  if (route.page === 'timeline') return formatTimeline(route.filter);
  if (route.page !== 'family') return `#/${route.page}`;
  const { family, range, compare, at, incident, device, edit } = route;
  const rest = Object.entries({ compare, at, incident, device, edit }).flatMap(([name, value]) => (value === undefined ? [] : [`&${name}=${encodeURIComponent(value)}`]));
  return `#/${family}?${formatRange(range)}${rest.join('')}`;
}

/** The address of a family's page, or of that of one of its devices, with the default range. */
export function familyLink(family: FamilyId, device?: string): string {
  return formatRoute({ page: 'family', family, range: { kind: 'live', span: METRIC_SPAN }, ...(device === undefined ? {} : { device }) });
}
