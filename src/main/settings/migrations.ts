/** Steps from older settings files to the present version. Pure; what is not as expected is left for the schema to name. */

/** A settings file as found: nothing is known of it but that it is an object. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** Old name → present name. */
type Renames = Readonly<Record<string, string>>;

const RULE: Renames = { ownLimits: 'useDeviceLimits', clearSeconds: 'recoverSeconds', remindSeconds: 'repeatSeconds' };
const LEVEL: Renames = { clear: 'recoverAt' };

function isRaw(value: unknown): value is RawSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under its present names. A name that stands there already is not written over, so the schema sees both. */
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
  return isRaw(part) ? { ...value, [key]: change(part) } : value;
}

const toLevel = (level: RawSettings): RawSettings => within(renamed(level, LEVEL), 'guard', (guard) => renamed(guard, LEVEL));

function toRule(rule: unknown): unknown {
  if (!isRaw(rule)) return rule;
  return ['warning', 'critical'].reduce((so, level) => within(so, level, toLevel), renamed(rule, RULE));
}

/** The section `alerts` of version 2, or the contents of an export file of version 1, under the names of today. */
export function migrateAlerts(alerts: RawSettings): RawSettings {
  const section = renamed(alerts, { criticalsBreakThrough: 'criticalBypassesQuietHours' });
  return Array.isArray(section['rules']) ? { ...section, rules: section['rules'].map(toRule) } : section;
}

/** `MIGRATIONS[n]` turns version n + 1 into version n + 2. Each sets the new version itself. */
export const MIGRATIONS: readonly ((settings: RawSettings) => RawSettings)[] = [
  // Version 2 brought the section `alerts`, which starts with its defaults.
  (settings) => ({ ...settings, version: 2 }),
  // Version 3 gave rules, quiet hours, the own certificate and remote restarts the names alerting and TLS have for them.
  (settings) => {
    const named = renamed(within(settings, 'alerts', migrateAlerts), { control: 'powerControl' });
    return { ...within(named, 'lan', (lan) => (lan['tls'] === 'own' ? { ...lan, tls: 'self-signed' } : lan)), version: 3 };
  },
];

/** Takes a file through every step it lacks. `steps` is MIGRATIONS but in tests. */
export function migrateSettings(settings: RawSettings, version: number, steps: typeof MIGRATIONS = MIGRATIONS): RawSettings {
  return steps.slice(version - 1).reduce((older, step) => step(older), settings);
}
