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
import type { SettingsQuarantined } from './settings-file';

/** What the fallback settings mean for the user (fallback-settings.ts). */
const FALLBACK = 'Default settings are in use; Traywatch can be reached from this machine only, and no history is removed.';

function showQuarantined(notices: Notices, { path, reason }: SettingsQuarantined): void {
  notices.put({
    id: 'settings-quarantined',
    severity: 'warning',
    title: 'Settings file was invalid',
    body: reason === null ? `It was moved to ${path} at an earlier start, and no settings were saved since. ${FALLBACK}` : `Moved to ${path}. ${FALLBACK} (${reason})`,
    dismissible: true,
  });
}

function showRefused(notices: Notices, refusal: string): void {
  notices.put({
    id: 'settings-refused',
    severity: 'warning',
    title: 'Can’t save settings',
    body: `${refusal}. ${FALLBACK} Your file was not changed.`,
    dismissible: false,
  });
}

const CHANGED_NOTICE = 'settings-changed-outside';

/** Loads the settings at `path`; a problem with the file, now or at a later change, becomes a notice. */
export function openSettings(path: string, clock: Clock, log: Log, notices: Notices): SettingsHolder {
  const onForeignChange = (message: string | null): void => {
    if (message === null) notices.drop(CHANGED_NOTICE);
    else notices.put({ id: CHANGED_NOTICE, severity: 'warning', title: 'Settings file was changed by another program', body: `${message}.`, dismissible: false });
  };
  const { settings, quarantined, refusal } = createSettings({ path, clock, log: log.scoped('settings'), onForeignChange });
  if (quarantined !== null) showQuarantined(notices, quarantined);
  if (refusal !== null) showRefused(notices, refusal);
  return settings;
}
