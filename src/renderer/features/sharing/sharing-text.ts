/** The LAN server's state in words. */
import type { LanState, LanErrorReason } from '../../../shared/sharing/lan-state';
import type { ConnectedClient } from '../../../shared/sharing/connected-client';
import { formatAge } from '../../lib/age';
import { formatMoment } from '../../lib/range';

/** One word for the state. */
export const LAN_STATE_LABELS: Readonly<Record<LanState['state'], string>> = { off: 'Off', starting: 'Starting', listening: 'Listening', failed: 'Not listening' };

/** What is wrong, and what can be done. */
export const TROUBLE: Readonly<Record<LanErrorReason, string>> = {
  portInUse: 'Another program uses this port. Choose another one below, or end that program.',
  addressGone: 'This machine no longer has that address.',
  interfaceGone: 'This network interface is not there now.',
  notPermitted: 'The system does not permit this port. Ports from 1024 need no special right.',
  certificate: 'The certificate cannot be used.',
  other: 'It could not be started.',
};

/** A six-digit code as it is read out: two groups of three. */
export function toGroups(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** Since when somebody watches: "For 12 min, since 14:02", with the day where it is another one. */
export function formatSince(since: number, now: number): string {
  const moment = formatMoment(since);
  const isToday = moment.slice(0, 10) === formatMoment(now).slice(0, 10);
  return `For ${formatAge(now - since)}, since ${isToday ? moment.slice(11, 16) : moment.slice(0, 16)}`;
}

/** How often somebody is sent something: "Updated every 5 s", or the quickest and the slowest of several tabs. */
export function formatInterval({ intervals }: Pick<ConnectedClient, 'intervals'>): string {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) return 'Not updated';
  if (first !== last) return `Updated every ${first} to ${last} s`;
  return first === 1 ? 'Updated every second' : `Updated every ${first} s`;
}

/** What somebody who watches came with, and with how many tabs or streams. */
export function connectionOrigin({ kind, account, streams }: Pick<ConnectedClient, 'kind' | 'account' | 'streams'>): string {
  const came = kind === 'token' ? 'Token' : account === null ? 'Paired' : `Account ${account}`;
  if (streams === 1) return came;
  return `${came}, ${streams} ${kind === 'token' ? 'streams' : 'tabs'}`;
}
