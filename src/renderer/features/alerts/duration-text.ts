/** Durations as a person types them: "90 s", "5 min", "1 h 30 min", "2 d". Pure. */

const SECONDS: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, seconds: 1, m: 60, min: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600, d: 86_400, day: 86_400, days: 86_400 };

/** Seconds of a text; null where it is none. A number alone means seconds. */
export function parseDuration(text: string): number | null {
  const words = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(words)) return Math.round(Number(words));
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gu)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== words) return null;
  let total = 0;
  for (const [, count = '', unit = ''] of parts) {
    const seconds = SECONDS[unit];
    if (seconds === undefined) return null;
    total += Number(count) * seconds;
  }
  return Math.round(total);
}

/** The shortest text that means so many seconds: nothing is rounded away. */
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
