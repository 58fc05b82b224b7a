/** Text of the Sharing page: states, errors and connections. */
import type { LanState, LanErrorReason } from '../../../shared/sharing/lan-state';
import type { ConnectedClient } from '../../../shared/sharing/connected-client';
import { formatAge } from '../../lib/age';
import { formatDateTime } from '../../lib/range';

/** Label of the server's state. */
export const LAN_STATE_LABELS: Readonly<Record<LanState['state'], string>> = { off: 'Off', starting: 'Starting', listening: 'On', failed: 'Not running' };

/** Text of each error of the server, with its remedy. */
export const LAN_ERROR_TEXT: Readonly<Record<LanErrorReason, string>> = {
  portInUse: 'Port in use. Choose another port below.',
  addressGone: 'This machine no longer has that address.',
  interfaceGone: 'Network interface not found.',
  notPermitted: 'Permission denied. Use a port from 1024.',
  portReserved: 'Port reserved by Windows. Choose another port below; “netsh int ipv4 show excludedportrange tcp” lists those that are not free.',
  certificate: 'The certificate cannot be used.',
  other: 'The server could not start.',
};

/** A six-digit code in two groups of three, as it is read aloud. */
export function toGroups(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** Duration of a connection: "12 min (since 14:02)", with the date if it began on another day. */
export function formatSince(since: number, now: number): string {
  const start = formatDateTime(since);
  const isToday = start.slice(0, 10) === formatDateTime(now).slice(0, 10);
  return `${formatAge(now - since)} (since ${isToday ? start.slice(11, 16) : start.slice(0, 16)})`;
}

/** Update interval of a client: "every 5 s", or the shortest and the longest of several tabs. */
export function formatInterval({ intervals }: Pick<ConnectedClient, 'intervals'>): string {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) return 'no updates';
  if (first !== last) return `every ${first}–${last} s`;
  return first === 1 ? 'every second' : `every ${first} s`;
}

/** How a client got access, and its number of tabs or streams if there are several. */
export function connectionOrigin({ kind, account, streams }: Pick<ConnectedClient, 'kind' | 'account' | 'streams'>): string {
  const origin = kind === 'token' ? 'token' : account === null ? 'paired' : `account ${account}`;
  if (streams === 1) return origin;
  return `${origin}, ${streams} ${kind === 'token' ? 'streams' : 'tabs'}`;
}
