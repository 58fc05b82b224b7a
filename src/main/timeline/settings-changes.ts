/** The differences between two settings objects, as data and as text for the timeline. Pure. */

/** One setting that has changed. Its values are left out where they are not a single value, long, or secret. */
export interface SettingChange {
  /** The path of the setting, joined by dots. */
  readonly key: string;
  readonly from?: string | number | boolean | null;
  readonly to?: string | number | boolean | null;
}

/** Settings whose values are never written to the timeline. */
const SECRET = /secret|token|password|passphrase|credential|key$|code$|url|webhook/i;
/** Longest text that is written to the timeline, characters. */
const LONGEST = 60;
/** Nested settings are compared one by one down to this depth. */
const MAX_DEPTH = 3;

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSimple(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= LONGEST);
}

/** Every setting that differs, sorted by name. */
export function changesBetween(before: object, after: object, prefix = ''): readonly SettingChange[] {
  const [old, now]: readonly Plain[] = [{ ...before }, { ...after }];
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])].sort();
  return names.flatMap((name): readonly SettingChange[] => {
    const [from, to] = [old?.[name], now?.[name]];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    const key = `${prefix}${name}`;
    if (SECRET.test(key)) return [{ key }];
    if (isPlain(from) && isPlain(to) && key.split('.').length < MAX_DEPTH) return changesBetween(from, to, `${key}.`);
    return [isSimple(from) && isSimple(to) ? { key, from, to } : { key }];
  });
}

function wordOf(value: string | number | boolean | null): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}

/** "keepDays: 730 → 30, theme: dark → light". */
export function describeChanges(changes: readonly SettingChange[]): string {
  return changes.map(({ key, from, to }) => (from === undefined || to === undefined ? key : `${key}: ${wordOf(from)} → ${wordOf(to)}`)).join(', ');
}
