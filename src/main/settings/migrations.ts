/** Steps from older settings files to the present version. */

/** A settings file as found: nothing is known of it but that it is an object. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** `MIGRATIONS[n]` turns version n + 1 into version n + 2. Each sets the new version itself. */
export const MIGRATIONS: readonly ((settings: RawSettings) => RawSettings)[] = [
  // Version 2 brought the section `alerts`, which starts with its defaults.
  (settings) => ({ ...settings, version: 2 }),
];

/** Takes a file through every step it lacks. `steps` is MIGRATIONS but in tests. */
export function migrateSettings(settings: RawSettings, version: number, steps: typeof MIGRATIONS = MIGRATIONS): RawSettings {
  return steps.slice(version - 1).reduce((older, step) => step(older), settings);
}
