/**
 * Requests that a reverse proxy passes on: whom they come from, and which public URL they are for. Only proxies named in the
 * settings are believed. X-Forwarded-For and X-Forwarded-Proto are the only headers that are read: proxies pass on those
 * they do not set, so that a header such as Forwarded or X-Real-IP may be the client's own. Pure.
 */
import { BlockList, isIP } from 'node:net';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import { parsePublicUrl, splitNetwork } from '../../shared/sharing/public-url';
import type { PublicUrl } from '../../shared/sharing/public-url';
import { plainAddress } from '../access/addresses';

/** The settings, ready for use. */
export interface ProxyRules {
  /** Whether an address is that of a named proxy. */
  trusts(address: string): boolean;
  readonly publicUrls: readonly PublicUrl[];
}

/** Whom a request comes from. */
export interface RequestClient {
  /** The client's address in canonical form; that of the proxy where it names none. */
  readonly address: string;
  /** A named proxy passed the request on. */
  readonly isProxied: boolean;
  /** The scheme of the client's connection to the proxy; null where unknown. */
  readonly scheme: 'http' | 'https' | null;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** With the host as browsers write it: IPv6 addresses have several forms. */
function toPublicUrl(text: string): readonly PublicUrl[] {
  const parsed = parsePublicUrl(text);
  if (parsed === null || !URL.canParse(parsed.origin)) return [];
  const { hostname, origin } = new URL(parsed.origin);
  return [{ ...parsed, hostname, origin }];
}

/** Prepares the settings. */
export function createProxyRules({ trustedProxies, publicUrls }: Pick<LanSettings, 'trustedProxies' | 'publicUrls'>): ProxyRules {
  const trusted = new BlockList();
  for (const { address, prefix } of trustedProxies.flatMap((text) => splitNetwork(text) ?? [])) {
    if (prefix === null) trusted.addAddress(address, familyOf(address));
    else trusted.addSubnet(address, prefix, familyOf(address));
  }
  return {
    trusts: (address) => {
      const plain = plainAddress(address);
      return isIP(plain) !== 0 && trusted.check(plain, familyOf(plain));
    },
    publicUrls: publicUrls.flatMap(toPublicUrl),
  };
}

/** An entry of X-Forwarded-For as an address; some proxies add the port. Null for anything else. */
function toAddress(entry: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1] ?? entry;
  const plain = plainAddress(bare);
  return isIP(plain) === 0 ? null : plain;
}

/**
 * The client's address: entries are read from the last one, which the nearest proxy added, up to the first that is no named
 * proxy. What stands before that, the client may have made up. An entry that is no address ends the search as well.
 */
function clientAddress(peer: string, forwardedFor: string, rules: ProxyRules): string {
  let client = plainAddress(peer);
  for (const entry of forwardedFor.split(',').toReversed()) {
    const address = toAddress(entry.trim());
    if (address === null || !rules.trusts(client)) break;
    client = address;
  }
  return client;
}

/** What of a request is read. Headers that were sent several times are joined by commas. */
export interface ForwardingFacts {
  readonly peer: string;
  readonly forwardedFor: string | undefined;
  readonly forwardedProto: string | undefined;
}

/** Whom a request comes from; what it says about that counts only if a named proxy sent it. */
export function clientOf({ peer, forwardedFor, forwardedProto }: ForwardingFacts, rules: ProxyRules): RequestClient {
  const isProxied = rules.trusts(peer) && (forwardedFor !== undefined || forwardedProto !== undefined);
  if (!isProxied) return { address: plainAddress(peer), isProxied, scheme: null };
  // The last value is the one of the nearest proxy.
  const scheme = forwardedProto?.split(',').at(-1)?.trim().toLowerCase();
  return { address: clientAddress(peer, forwardedFor ?? '', rules), isProxied, scheme: scheme === 'http' || scheme === 'https' ? scheme : null };
}
