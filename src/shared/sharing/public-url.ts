/** Format of the settings for reverse proxies: the URLs at which others reach the server, and who passes requests on. No schemas. */

/** A URL at which browsers reach the server through a reverse proxy or under another name. */
export interface PublicUrl {
  readonly scheme: 'http' | 'https';
  /** Lower case; IPv6 in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** As browsers send it in the Origin header. */
  readonly origin: string;
  /** Path before the server's own paths, which the proxy removes: `/traywatch`; empty for none. */
  readonly path: string;
}

/** Host name or address, port, path: a URL that needs no repair, so that what is shown is what is meant. */
const PUBLIC_URL = /^(https?):\/\/([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])\.?(?::(\d{1,5}))?((?:\/[a-z0-9_~-][a-z0-9._~-]*)*)\/?$/i;

/** The URL of a setting; null unless it is http or https with a plain host name or address, and at most a port and a path. */
export function parsePublicUrl(text: string): PublicUrl | null {
  const found = PUBLIC_URL.exec(text);
  if (found === null) return null;
  const [, protocol = '', host = '', given, path = ''] = found;
  const scheme = protocol.toLowerCase() === 'https' ? 'https' : 'http';
  const standard = scheme === 'https' ? 443 : 80;
  const port = given === undefined ? standard : Number(given);
  const hostname = host.toLowerCase();
  if (port < 1 || port > 65_535) return null;
  return { scheme, hostname, port, origin: `${scheme}://${hostname}${port === standard ? '' : `:${port}`}`, path };
}

/** An address or a network of the setting for trusted proxies, taken apart; `prefix` is null for a single address. */
export function splitNetwork(text: string): { readonly address: string; readonly prefix: number | null } | null {
  const found = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text);
  if (found === null) return null;
  return { address: found[1] ?? '', prefix: found[2] === undefined ? null : Number(found[2]) };
}
