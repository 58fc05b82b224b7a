/** Texts of a deletion of history: the event that records it, and the outcome of its task. Pure. */
import type { Deletion, DeletionSize } from '../../shared/api/deletion-schemas';
import { familyOf } from '../../shared/metrics/index';
import type { OwnEventType } from '../../shared/timeline/event-types';
import { formatCount, formatValue } from '../../shared/units';
import type { DeletionEvent } from '../engine/store/jobs/delete-history';

const DAY = 86_400_000;

const counted = (count: number, one: string): string => `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;

/** "412 days of 142 series, 900 events and 38 alerts". */
function describeSize({ from, to, series, events, alerts }: DeletionSize): string {
  const days = from === null || to === null ? 0 : Math.max(1, Math.round((to - from) / DAY));
  return `${counted(days, 'day')} of ${formatCount(series)} series, ${counted(events, 'event')} and ${counted(alerts, 'alert')}`;
}

/** "2026-11-01 00:00", local. */
function formatTime(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** "everything", "before 2026-11-01 00:00", "Disk space /mnt/usb". */
function describeDeletion(deletion: Deletion): string {
  if (deletion.kind === 'all') return 'everything';
  return deletion.kind === 'before' ? `before ${formatTime(deletion.time)}` : `${familyOf(deletion.family).label} ${deletion.device}`;
}

/** The event, which is written in the transaction of the deletion. */
export function deletionEvent(deletion: Deletion, size: DeletionSize, now: number): DeletionEvent {
  const type: OwnEventType = 'history_deleted';
  return { time: now, type, message: `History deleted: ${describeDeletion(deletion)} (${describeSize(size)})`, details: { ...deletion, ...size } };
}

/** The outcome of the task, for the user. `bytes`: of the file now. */
export function deletionOutcome(size: DeletionSize, isCompacted: boolean, bytes: number): string {
  const file = isCompacted ? `The file has ${formatValue(bytes, 'bytes')} now.` : 'The file could not be made smaller yet; that is tried again within the hour.';
  return `${describeSize(size)}. ${file}`;
}
