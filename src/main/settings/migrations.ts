/** Migrates settings files of older versions, one version at a time. Pure; unexpected values are left for the schema to report. */

/** A settings file before it is validated: an object with any contents. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** Old name → present name. */
type Renames = Readonly<Record<string, string>>;

const RULE: Renames = { ownLimits: 'useDeviceLimits', clearSeconds: 'recoverSeconds', remindSeconds: 'repeatSeconds' };
const LEVEL: Renames = { clear: 'recoverAt' };

/** True for an object that is no array. */
export function isObject(value: unknown): value is RawSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object with its keys renamed. Where the new key exists already both are left, so that the schema reports the old one. */
function renamed(value: RawSettings, names: Renames): RawSettings {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const next = Object.hasOwn(names, key) ? names[key] : undefined;
      return [next === undefined || Object.hasOwn(value, next) ? key : next, part];
    }),
  );
}

/** Changes one part of an object where that part is an object itself. */
function within(value: RawSettings, key: string, change: (part: RawSettings) => RawSettings): RawSettings {
  const part = value[key];
  return isObject(part) ? { ...value, [key]: change(part) } : value;
}

const toLevel = (level: RawSettings): RawSettings => within(renamed(level, LEVEL), 'guard', (guard) => renamed(guard, LEVEL));

function toRule(rule: unknown): unknown {
  if (!isObject(rule)) return rule;
  return ['warning', 'critical'].reduce((so, level) => within(so, level, toLevel), renamed(rule, RULE));
}

/** The section `alerts` of settings version 2, or the contents of an export file of version 1, under the present names. */
export function migrateAlerts(alerts: RawSettings): RawSettings {
  const section = renamed(alerts, { criticalsBreakThrough: 'criticalBypassesQuietHours' });
  return Array.isArray(section['rules']) ? { ...section, rules: section['rules'].map(toRule) } : section;
}

/** `MIGRATIONS[n]` turns version n + 1 into version n + 2. Each sets the new version itself. */
export const MIGRATIONS: readonly ((settings: RawSettings) => RawSettings)[] = [
  // Version 2 added the section `alerts`, which starts with its defaults.
  (settings) => ({ ...settings, version: 2 }),
  // Version 3 renamed fields of rules and quiet hours, the TLS mode of the self-signed certificate, and the section of remote restarts.
  (settings) => {
    const named = renamed(within(settings, 'alerts', migrateAlerts), { control: 'powerControl' });
    return { ...within(named, 'lan', (lan) => (lan['tls'] === 'own' ? { ...lan, tls: 'self-signed' } : lan)), version: 3 };
  },
];

/** Applies every step from `version` on. `steps` is MIGRATIONS except in tests. */
export function migrateSettings(settings: RawSettings, version: number, steps: typeof MIGRATIONS = MIGRATIONS): RawSettings {
  return steps.slice(version - 1).reduce((older, step) => step(older), settings);
}
