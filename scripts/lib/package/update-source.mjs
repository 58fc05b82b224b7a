/** Where the packages that are made here will ask for updates: from the environment into their package.json. */
import { UserError } from '../say.mjs';

/**
 * Pure. Null where packages are to ask nobody.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {{ url: string, key: string, channel: string } | null}
 * @throws {UserError} when only a part is given
 */
export function updateSourceOf(env) {
  const [url, key] = [env.TRAYWATCH_UPDATES_URL ?? '', env.TRAYWATCH_UPDATES_KEY ?? ''];
  if (url === '' && key === '') return null;
  if (url === '' || key === '') throw new UserError('TRAYWATCH_UPDATES_URL and TRAYWATCH_UPDATES_KEY go together: an address, and the key that signs what lies there.');
  return { url, key, channel: env.TRAYWATCH_UPDATES_CHANNEL || 'stable' };
}
