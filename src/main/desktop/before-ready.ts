/**
 * What Windows and macOS have to be told before the app is ready: who it is, where its data is, that its timers matter.
 * Loaded there alone; Linux needs none of it.
 */
import { mkdirSync } from 'node:fs';
import type { App, SystemPreferences } from 'electron';
import { messageOf } from '../../shared/result';
import { chooseDataFolder, userDataFor } from './data-folder.win32';
import type { ChosenFolder } from './data-folder.win32';

/** Ties notifications to the shortcut that the installer makes: the `appId` of electron-builder.yml, never another. */
export const APP_USER_MODEL_ID = 'io.traywatch.app';

/** The COM class that Windows starts for a click on a notification of an earlier run. Fixed: a new one each start would stay behind in the registry. */
export const TOAST_ACTIVATOR = '{5994FE60-0BAB-4A55-91B6-53C3B1D68C2A}';

/** The parts of Electron that are used. `setToastActivatorCLSID` came after version 33. */
export interface BeforeReadyParts {
  readonly platform: NodeJS.Platform;
  readonly app: Pick<App, 'setAppUserModelId' | 'setPath' | 'getPath'> & Partial<Pick<App, 'setToastActivatorCLSID'>> & { readonly commandLine: { hasSwitch(name: string): boolean } };
  readonly systemPreferences: Pick<SystemPreferences, 'registerDefaults'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Moves existing data and says where it is now; `chooseDataFolder`, but for tests. */
  readonly choose?: (former: string, wanted: string) => ChosenFolder;
}

/** Sets the folder of the data; a folder on the command line is left alone. Returns a sentence for the user, or null. */
function placeData({ app, env, choose = chooseDataFolder }: BeforeReadyParts): string | null {
  const wanted = userDataFor(env);
  if (wanted === null || app.commandLine.hasSwitch('user-data-dir')) return null;
  const { folder, problem } = choose(app.getPath('userData'), wanted);
  try {
    // Electron takes no folder that does not exist.
    mkdirSync(folder, { recursive: true });
    for (const name of ['userData', 'sessionData'] as const) app.setPath(name, folder);
    return problem;
  } catch (error) {
    return `The history is in ${app.getPath('userData')}: ${folder} cannot be used (${messageOf(error)}).`;
  }
}

/** Call once, before the app is ready and before anything asks for its folder. Returns a sentence for the user, or null. */
export function prepareSystem(parts: BeforeReadyParts): string | null {
  const { platform, app, systemPreferences } = parts;
  // Without a window macOS would put the app to sleep and let its timers fire seconds late (App Nap).
  if (platform === 'darwin') systemPreferences.registerDefaults({ NSAppSleepDisabled: true });
  if (platform !== 'win32') return null;
  app.setAppUserModelId(APP_USER_MODEL_ID);
  app.setToastActivatorCLSID?.(TOAST_ACTIVATOR);
  return placeData(parts);
}
