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
      title: 'Settings file was invalid',
      body: `Moved to ${quarantined.path}. Default settings are in use. (${quarantined.reason})`,
      dismissible: true,
    });
  }
  if (refusal !== null) {
    notices.put({
      id: 'settings-refused',
      severity: 'warning',
      title: 'Can’t save settings',
      body: `${refusal}. Default settings are in use. Your file was not changed.`,
      dismissible: false,
    });
  }
  return settings;
}
