/** The first start of Traywatch with a user-data folder: the card "Getting started" is offered then, and only then. */
import { existsSync } from 'node:fs';
import { GETTING_STARTED_STEPS } from '../../shared/settings/getting-started';
import type { SettingsHolder } from '../settings/settings';
import type { CoreParts } from './core-setup';

/**
 * At the first start of this machine's desktop it puts every step on the card, which is saved. There is a history or a
 * settings file after any earlier start, of whatever version. Called after the settings and before the history are opened;
 * returns the settings. Where they cannot be saved, which they log, there is no card.
 */
export function withGettingStarted({ installation, paths, system }: CoreParts, settings: SettingsHolder): SettingsHolder {
  const isForUser = installation.tray() !== null && system.demo === undefined;
  const isFirst = settings.isComplete && !existsSync(paths.settings) && !existsSync(paths.database);
  if (isForUser && isFirst) settings.update({ gettingStarted: [...GETTING_STARTED_STEPS] });
  return settings;
}
