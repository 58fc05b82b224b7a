/** The differences between two settings objects, as data and as text for the timeline. Pure. */
import { settingLabel, settingValueText } from '../../shared/settings/setting-labels';

/** One setting that has changed. Its values are left out where they are not a single value, long, or secret. */
export interface SettingChange {
  /** The path of the setting, joined by dots. */
  readonly key: string;
  readonly from?: string | number | boolean | null;
  readonly to?: string | number | boolean | null;
}

/** Settings whose values are never written to the timeline. */
const SECRET = /secret|token|password|passphrase|credential|key$|code$|url|webhook/i;
/** Which hints the window still shows, which changes nothing that Traywatch does; and services, which have events of their own. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(['gettingStarted', 'services']);
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
    const key = `${prefix}${name}`;
    if (NOT_WRITTEN.has(key) || JSON.stringify(from) === JSON.stringify(to)) return [];
    if (SECRET.test(key)) return [{ key }];
    if (isPlain(from) && isPlain(to) && key.split('.').length < MAX_DEPTH) return changesBetween(from, to, `${key}.`);
    return [isSimple(from) && isSimple(to) ? { key, from, to } : { key }];
  });
}

/** "Keep for (days): 730 → 30, Theme: System → Dark". A setting without a label is named by its path. */
export function describeChanges(changes: readonly SettingChange[]): string {
  const describe = ({ key, from, to }: SettingChange): string => {
    const label = settingLabel(key) ?? key;
    return from === undefined || to === undefined ? label : `${label}: ${settingValueText(key, from)} → ${settingValueText(key, to)}`;
  };
  return changes.map(describe).join(', ');
}
