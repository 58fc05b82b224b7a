/** Opens the settings, and turns what may be wrong with the file into notices. */
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { Notices } from '../timeline/notices';
import { createSettings } from './settings';
import type { SettingsHolder } from './settings';

/** Loads the settings at `path`; whatever was wrong with them stands in the notices. */
export function openSettings(path: string, clock: Clock, log: Log, notices: Notices): SettingsHolder {
  const { settings, quarantined, refusal } = createSettings({ path, clock, log: log.scoped('settings') });
  if (quarantined !== null) {
    notices.put({
      id: 'settings-set-aside',
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
