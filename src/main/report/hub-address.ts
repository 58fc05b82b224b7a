/** The address of a hub, as a person writes it. */
import { CallError } from '../../shared/result';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address with a path that ends with a slash. Throws a CallError for one that is none, and for one without encryption:
 * that is allowed on this machine alone.
 */
export function toHubAddress(text: string): URL {
  const trimmed = text.trim();
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  } catch {
    throw new CallError('BadInput', `"${trimmed}" is not an address. Take the one that the hub shows, as https://hub:8543.`);
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) throw new CallError('BadInput', 'This address is not encrypted: everything on the way could read and change what is reported. Turn on HTTPS at the hub, under Sharing.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new CallError('BadInput', 'The address of a hub begins with https://.');
  if (url.username !== '' || url.password !== '') throw new CallError('BadInput', 'The address must not have a user name or a password in it.');
  return new URL(`${url.origin}${url.pathname.replace(/\/*$/, '/')}`);
}
