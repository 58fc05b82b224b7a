/** Short text of a time, in the time zone of whoever reads it: of the machine in its tray, of the browser on a page. */

const two = (value: number): string => String(value).padStart(2, '0');
const dayOf = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** "07:36", with the date before it on another day than `now`: "2026-11-29 07:36". Both epoch milliseconds. */
export function formatMoment(time: number, now: number): string {
  const date = new Date(time);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return dayOf(date) === dayOf(new Date(now)) ? clock : `${dayOf(date)} ${clock}`;
}
