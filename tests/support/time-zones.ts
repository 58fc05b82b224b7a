/** Time zones through Intl: an oracle that is independent of the code under test. */
import type { OffsetAt } from '../../src/shared/series/calendar';

/** The offset of a named zone. */
export function zoneOffset(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (time) => {
    const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
}

/** Weekday and clock of a time in a zone: "Sun 02:30". */
export function wallClock(timeZone: string, time: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(time);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('weekday')} ${part('hour')}:${part('minute')}`;
}

/** Epoch milliseconds of a UTC time such as "2026-03-29T01:00". */
export const utc = (text: string): number => Date.parse(`${text}Z`);

/** A time as UTC text to the minute; null for null. */
export const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString().slice(0, 16));
