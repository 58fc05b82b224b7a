/**
 * Which network interfaces are added up, and which are not stored. The same byte passes several interfaces of a machine: a
 * card, a bond of cards, a VLAN or a bridge on top of it, both ends of a pair. It is counted where it enters or leaves. Pure.
 */

/** What the kernel reports of an interface. Where /sys has none of it, the name is all there is. */
export interface InterfaceFacts {
  /** Backed by hardware, or by what a virtual machine takes for it. */
  readonly hasDevice: boolean;
  /** Interfaces that this one is a part of or carries, such as a bond or a VLAN, and those beneath it. */
  readonly uppers: readonly string[];
  readonly lowers: readonly string[];
  readonly isBridge: boolean;
  /** Type of hardware (ARPHRD_…); null if unknown. */
  readonly type: number | null;
  /** What it sends leaves through another interface. */
  readonly isTunnel: boolean;
  /** One end of a pair whose other end is elsewhere, as a container's is. */
  readonly isPairEnd: boolean;
  /** A port of a switch on the card, which stands for a virtual function: its traffic passes the card as well. */
  readonly isRepresentor: boolean;
  /** It leads nowhere by itself: a dummy, a queue that shapes traffic. */
  readonly isDeadEnd: boolean;
}

/** Facts by name, for all interfaces. */
export type AllFacts = ReadonlyMap<string, InterfaceFacts>;

const LOOPBACK_TYPE = 772;
/** Radios that listen to everything: 802.11, with Prism and with radiotap headers, and 802.15.4. */
const MONITOR_TYPES = new Set([801, 802, 803, 805]);
/** No way out of a machine: field buses (CAN), and copies of what passes netlink and vsock. */
const INNER_TYPES = new Set([280, 824, 826]);

/** What a guest that shares the addresses of its host (WSL) and the host tell each other passes a card of this name. */
const MIRRORED_LOOPBACK = 'loopback0';

/** Ends of pairs and of guests' network cards: containers and virtual machines come and go. */
const GUESTS =
  /^(?:veth|cali|lxc[0-9a-f_]|vnet\d|fw(?:br|pr|ln)\d|tap(?:\d+i\d|[0-9a-f]{6})|qv[bo]|qbr|azv|(?:eni|gke)[0-9a-f]{6}|macvtap|vmtap|vif\d)/;

/** Names of interfaces that forward, copy or shape the traffic of others, for where the kernel does not say. */
const FORWARDING =
  /^(?:lo$|docker|br\d|br-|brq|bridge|virbr|vmbr|lxcbr|lxdbr|incusbr|ovs-|ovsbr|cni|flannel|podman|kube-|nodelocaldns|weave|hassio|bond\d|team\d|vlan\d|macvlan|ipvl|ifb|dummy|nlmon|vcan|vxcan|vsockmon|vrf|teql|vmnet|vboxnet|vxlan|genev|cilium_|ovn-|antrea-)/;

const TUNNELS = /^(?:tun|tap|tailscale|wg|nordlynx|proton|mullvad|zt|ham\d|ppp|sit|ip6tnl|tunl|ip6gre|gre|erspan|ip_vti|ip6_vti|vti)/;

/** Names with the number of a container, a network or an address in them, made anew each time. */
const GENERATED = /(?=[0-9a-f]*\d)[0-9a-f]{7,}$/;

/** An alias or a VLAN of another interface: `eth0:1`, `eth0.7`. */
function isOfAnother(name: string, all: AllFacts): boolean {
  const base = name.replace(/[.:][^.:]*$/, '');
  return base !== name && all.has(base);
}

function isTunnel(name: string, facts: InterfaceFacts): boolean {
  return facts.isTunnel || TUNNELS.test(name);
}

function isLoopback(name: string, facts: InterfaceFacts): boolean {
  return name === 'lo' || facts.type === LOOPBACK_TYPE || name === MIRRORED_LOOPBACK;
}

/**
 * Cards: of two, one of which is a part of the other or carries it, only the upper one, whose numbers hold those of the
 * lower. That is how the kernel puts a virtual function under the card a hypervisor gives (netvsc, net_failover), and the
 * ports of a switch on the card that leads to it. A virtual function without such a link counts what the card does not.
 */
function cards(all: AllFacts): string[] {
  const physical = [...all].filter(([name, facts]) => facts.hasDevice && !facts.isRepresentor && !MONITOR_TYPES.has(facts.type ?? 0) && !isLoopback(name, facts));
  const names = new Set(physical.map(([name]) => name));
  const covered = new Set(physical.flatMap(([, { lowers }]) => lowers));
  const top = physical.filter(([name, { uppers }]) => !covered.has(name) && !uppers.some((upper) => upper !== name && names.has(upper)));
  return (top.length > 0 ? top : physical).map(([name]) => name);
}

/**
 * Where nothing is backed by hardware, as in a container: what leads out of it. If nothing looks like that, the ends of pairs
 * and tunnels that are there, unless they are those of guests.
 */
function waysOut(all: AllFacts): string[] {
  const has = (name: string): boolean => all.has(name);
  const single = [...all].filter(([name, facts]) => !isLoopback(name, facts) && !facts.isBridge && !facts.lowers.some(has) && !isOfAnother(name, all));
  const isBridge = (name: string): boolean => all.get(name)?.isBridge === true;
  const plain = single.filter(([name, facts]) => !facts.isDeadEnd && !INNER_TYPES.has(facts.type ?? 0) && !FORWARDING.test(name) && !GUESTS.test(name) && !isTunnel(name, facts));
  const own = plain.filter(([name, { uppers }]) => !uppers.some(isBridge) || /^(?:eth|en|wl|ww|ib)/.test(name));
  if (own.length > 0) return own.map(([name]) => name);
  const hasBridge = [...all].some(([name, facts]) => facts.isBridge || /^(?:docker|br|virbr|vmbr|lxcbr|lxdbr|incusbr|cni|podman)/.test(name));
  const ends = single.filter(([name, facts]) => !facts.uppers.some(has) && (isTunnel(name, facts) || (!hasBridge && GUESTS.test(name))));
  return ends.map(([name]) => name);
}

/** Interfaces whose traffic is added up. */
export function summedOf(all: AllFacts): Set<string> {
  const physical = cards(all);
  return new Set(physical.length > 0 ? physical : waysOut(all));
}

/** True for a name that shows a guest's end by itself: nothing more is asked of it. */
export function isGuestName(name: string): boolean {
  return GUESTS.test(name);
}

/**
 * True for an interface that is shown and not stored, because there is no end to them: ends of pairs, ports of bridges that
 * guests use, and names that are generated. What is added up, loopback and cards are stored.
 */
export function isTransient(name: string, facts: InterfaceFacts, all: AllFacts): boolean {
  if (facts.hasDevice || isLoopback(name, facts)) return false;
  const isPort = facts.lowers.length === 0 && facts.uppers.some((upper) => all.get(upper)?.isBridge === true);
  return GUESTS.test(name) || GENERATED.test(name) || facts.isPairEnd || isPort;
}
