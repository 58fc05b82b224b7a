/** The first start of Traywatch with a user-data folder: the card "Getting started" is offered then, and only then. */
import { existsSync } from 'node:fs';
import { GETTING_STARTED_STEPS } from '../../shared/settings/getting-started';
import type { Paths } from '../lib/paths';
import type { SettingsHolder } from '../settings/settings';

/** True while there are neither settings nor a history of an earlier start, whatever version that was. Called before the history is opened. */
export function isFirstStart({ settings, database }: Pick<Paths, 'settings' | 'database'>): boolean {
  return !existsSync(settings) && !existsSync(database);
}

/** Puts every step on the card. Where the settings cannot be saved, which they log, there is no card. */
export function offerGettingStarted(settings: SettingsHolder): void {
  settings.update({ gettingStarted: [...GETTING_STARTED_STEPS] });
}
