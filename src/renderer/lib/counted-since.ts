/** Text of since when a sum counts: "since boot, 3 d ago", and what happened to its counters since. */
import type { CountedSince } from '../../shared/metrics/counter-start';
import { formatAge } from './age';
import { formatClock, formatDateTime } from './range';

const DAY = 86_400_000;

const CHANGES = { reset: 'reset', connected: 'connected', disconnected: 'disconnected', container: 'container started' } as const;

/** "10:04" of the last day, otherwise the date as well; local time. */
function shortTime(time: number, now: number): string {
  return (now - time < DAY ? formatClock(time) : formatDateTime(time)).slice(0, -3);
}

/** "since boot, 3 d ago · eth0 reset 10:04" for a sum; "since 10:04 (reset)" for a device. Null while nothing is known. */
export function countedSinceText({ boot, change }: CountedSince, now: number): string | null {
  if (change !== null && change.device === undefined) return `since ${shortTime(change.time, now)} (${CHANGES[change.reason]})`;
  const parts = [...(boot === null ? [] : [`since boot, ${formatAge(now - boot)} ago`]), ...(change === null ? [] : [`${change.device} ${CHANGES[change.reason]} ${shortTime(change.time, now)}`])];
  return parts.length === 0 ? null : parts.join(' · ');
}
