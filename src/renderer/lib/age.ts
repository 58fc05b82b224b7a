/** Text of durations: time past, time left, and the day of a time. */
import { formatDateTime } from './range';

/** "12 s", "3 min", "2 h", "5 d". Rounded down: it was at least that long. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** 2026-11-21, local time. */
export function formatDay(time: number): string {
  return formatDateTime(time).slice(0, 10);
}

/** "4:07", for a countdown. Rounded up, so that 0:00 appears only at the end. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
