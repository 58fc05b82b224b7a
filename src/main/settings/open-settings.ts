/**
 * The room settings: loads, migrates, validates and saves the settings file, and says which sections a browser may not
 * change.
 *
 * It may import src/shared, the engine, lib and its neighbors access, power, alerts, history and timeline. It may not
 * import core, desktop, lan or transports; all of those and the neighbors may import it.
 *
 * This file opens the settings and reports problems of the file as notices.
 */
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { Notices } from '../timeline/notices';
import { createSettings } from './settings';
import type { SettingsHolder } from './settings';

/** Loads the settings at `path`; a problem with the file becomes a notice. */
export function openSettings(path: string, clock: Clock, log: Log, notices: Notices): SettingsHolder {
  const { settings, quarantined, refusal } = createSettings({ path, clock, log: log.scoped('settings') });
  if (quarantined !== null) {
    notices.put({
      id: 'settings-quarantined',
      severity: 'warning',
      title: 'The settings were not valid and have been set aside',
      body: `${quarantined.reason}. The file is kept as ${quarantined.path}; the defaults are in force.`,
      dismissible: true,
    });
  }
  if (refusal !== null) {
    notices.put({
      id: 'settings-refused',
      severity: 'warning',
      title: 'Settings cannot be saved',
      body: `${refusal}. The defaults are in force, and the file is left as it is.`,
      dismissible: false,
    });
  }
  return settings;
}
