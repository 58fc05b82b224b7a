/** What a change of settings changed, in words for the timeline. Pure. */
import { settingLabel, settingValueText } from '../../shared/settings/setting-labels';

/** One setting that is another now. Values are left out where they are no single word, or nobody's business. */
export interface SettingChange {
  /** Names joined by dots, for settings within settings. */
  readonly key: string;
  readonly from?: string | number | boolean | null;
  readonly to?: string | number | boolean | null;
}

/** Names of settings whose values are never told. */
const SECRET = /secret|token|password|passphrase|credential|key$|code$|url|webhook/i;
/** Longer texts are not told. */
const LONGEST = 60;
/** Settings within settings are told one by one down to here. */
const MAX_DEPTH = 3;

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSimple(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= LONGEST);
}

/** Every setting that differs, in order of name. */
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

/** "Keep for (days): 730 → 30, Theme: System → Dark". A setting without a label is named by its path. */
export function describeChanges(changes: readonly SettingChange[]): string {
  const describe = ({ key, from, to }: SettingChange): string => {
    const label = settingLabel(key) ?? key;
    return from === undefined || to === undefined ? label : `${label}: ${settingValueText(key, from)} → ${settingValueText(key, to)}`;
  };
  return changes.map(describe).join(', ');
}
