/** Where the packages that are made here will ask for updates: from the environment into their package.json. */
import { UserError } from '../say.mjs';

/**
 * Pure. Null where packages are to ask nobody. What a copy would refuse (src/main/updates/update-source.ts) is refused here: a
 * release that can never be updated must not be made.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {{ isTrial: boolean }} kind a trial build may ask a server on this machine
 * @returns {{ url: string, key: string, channel: string, isSigned: boolean } | null}
 * @throws {UserError} when only a part is given, or a part is wrong
 */
export function updateSourceOf(env, { isTrial }) {
  const [url, key] = [env.TRAYWATCH_UPDATES_URL ?? '', env.TRAYWATCH_UPDATES_KEY ?? ''];
  if (url === '' && key === '') return null;
  if (url === '' || key === '') throw new UserError('TRAYWATCH_UPDATES_URL and TRAYWATCH_UPDATES_KEY go together: an address, and the key that signs what lies there.');
  checkAddress(url, isTrial);
  if (Buffer.from(key, 'base64').length !== 32 || Buffer.from(key, 'base64').toString('base64') !== key) throw new UserError('TRAYWATCH_UPDATES_KEY must be 32 bytes in base64, as `npm run update-document -- --make-key=FILE` prints them.');
  const channel = env.TRAYWATCH_UPDATES_CHANNEL || 'stable';
  if (!/^[a-z][a-z0-9]{0,19}$/.test(channel)) throw new UserError('TRAYWATCH_UPDATES_CHANNEL must be a short word.');
  // macOS replaces no app that is not signed with a certificate.
  return { url, key, channel, isSigned: (env.CSC_LINK ?? '') !== '' };
}

/**
 * @param {string} url
 * @param {boolean} isTrial
 */
function checkAddress(url, isTrial) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isPlain = parsed !== null && parsed.search === '' && parsed.hash === '' && parsed.username === '' && parsed.href === url;
  const isHere = isTrial && parsed?.protocol === 'http:' && parsed.hostname === '127.0.0.1';
  if (!isPlain || (parsed?.protocol !== 'https:' && !isHere)) throw new UserError(`TRAYWATCH_UPDATES_URL: "${url}" is no plain https address, without query, fragment and user.`);
}
