/** Durations as they are typed in a form: "90 s", "5 min", "1 h 30 min", "2 d". Pure. */

const SECONDS: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, seconds: 1, m: 60, min: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600, d: 86_400, day: 86_400, days: 86_400 };

/** Parses a duration to whole seconds; null where the text is none. A number alone means seconds. */
export function parseDuration(text: string): number | null {
  const typed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(typed)) return Math.round(Number(typed));
  const parts = [...typed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gu)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== typed) return null;
  let total = 0;
  for (const [, count = '', unit = ''] of parts) {
    const seconds = SECONDS[unit];
    if (seconds === undefined) return null;
    total += Number(count) * seconds;
  }
  return Math.round(total);
}

/** Formats seconds as the shortest text that parses back to the same number: nothing is rounded. */
export function toDurationText(seconds: number): string {
  const steps = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = steps.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return shown.length === 0 ? '0 s' : shown.join(' ');
}
