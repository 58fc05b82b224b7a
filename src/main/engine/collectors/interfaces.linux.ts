/** Reads from /sys/class/net how interfaces are stacked. */
import { readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isAbsent, optionalText } from './files';
import { isGuestName } from './interface-stacks';
import type { AllFacts, InterfaceFacts } from './interface-stacks';

const ETHERNET_TYPE = 1;
/** PPP, tunnels of IP in IP, and what has no header below IP: TUN and WireGuard. */
const TUNNEL_TYPES = new Set([512, 768, 769, 776, 778, 823, 65534]);

/** A flag of an interface (IFF_NOARP). */
const NOARP = 0x80;

/** Tunnels with an Ethernet header of their own, which name the interface below as ends of pairs name the other end. */
const TUNNELS = /^(?:gretap|ip6gretap|erspan|vxlan|geneve)/;

/** Kinds of interfaces, by the kernel's word for them, that have an Ethernet header and send through another one. */
const TUNNEL_KINDS = /^DEVTYPE=(?:vxlan|geneve|gtp|bareudp|amt|wireguard|macsec|batadv|ppp)$/m;

/** What is known of an interface that /sys does not show. */
const UNKNOWN: InterfaceFacts = { hasDevice: false, uppers: [], lowers: [], isBridge: false, type: null, isTunnel: false, isPairEnd: false, isRepresentor: false, isDeadEnd: false };

/** The entries of an interface's folder; empty where there is none. */
function entriesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The interface that this one is a part of; null without one. */
function masterOf(folder: string): string | null {
  try {
    return basename(readlinkSync(join(folder, 'master')));
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** True for a port of a card that stands for a function given to a guest, or, with an own switch, for that given to a host. */
function isRepresentor(text: (entry: string) => string | null): boolean {
  const port = /^(?:c\d+)?(?:p\d+)?pf\d+((?:vf|sf)\d+)?$/.exec(text('phys_port_name') ?? '');
  return port !== null && (port[1] !== undefined || (text('phys_switch_id') ?? '') !== '');
}

function factsOf(base: string, name: string): InterfaceFacts {
  const folder = join(base, name);
  const entries = entriesIn(folder);
  if (entries.length === 0) return UNKNOWN;
  const has = (entry: string): boolean => entries.includes(entry);
  const text = (entry: string): string | null => (has(entry) ? optionalText(join(folder, entry)) : null);
  const linked = (prefix: string): string[] => entries.flatMap((entry) => (entry.startsWith(prefix) ? [entry.slice(prefix.length)] : []));
  const master = has('master') ? masterOf(folder) : null;
  const lowers = linked('lower_');
  const hasDevice = has('device');
  const typeText = text('type');
  const type = typeText === null || typeText === '' ? null : Number(typeText);
  const isPlain = !hasDevice && lowers.length === 0 && type === ETHERNET_TYPE;
  const isTunnel = has('tun_flags') || TUNNEL_TYPES.has(type ?? 0) || (isPlain && (TUNNELS.test(name) || TUNNEL_KINDS.test(text('uevent') ?? '')));
  const [index, link] = isPlain && !isTunnel ? [text('ifindex'), text('iflink')] : [null, null];
  return {
    hasDevice,
    uppers: [...new Set([...linked('upper_'), ...(master === null ? [] : [master])])],
    lowers,
    isBridge: has('bridge'),
    type,
    isTunnel,
    isPairEnd: index !== null && link !== null && link !== '0' && index !== link,
    isRepresentor: hasDevice && isRepresentor(text),
    // Nobody is asked for the address of a neighbour there. A layer-3 IPVLAN does not ask either, and is the end of a pair.
    isDeadEnd: index !== null && index === link && (Number(text('flags') ?? 0) & NOARP) !== 0,
  };
}

/** Reads the facts of all interfaces. Nothing is read of those whose name shows a guest's end: there may be hundreds. */
export function readInterfaceFacts(root: string, names: readonly string[]): AllFacts {
  const base = join(root, '/sys/class/net');
  return new Map(names.map((name) => [name, isGuestName(name) ? { ...UNKNOWN, isPairEnd: true } : factsOf(base, name)]));
}
