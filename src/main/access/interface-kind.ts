/** What a network interface is: what Linux tells in /sys, elsewhere what its name tells. Cheap; asked for while somebody looks. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InterfaceKind } from '../../shared/sharing/interface-schemas';
import type { Platform } from '../engine/collectors/deps';

/** The kind of an interface by its name. */
export type KindOf = (name: string) => InterfaceKind;

const NAMES: readonly (readonly [RegExp, InterfaceKind])[] = [
  [/^(lo\d*$|loopback)/i, 'loopback'],
  [/^(utun|tun|tap|wg|ppp|ipsec|gif|stf|tailscale|zt)\d*|vpn|wireguard|tailscale|zerotier/i, 'tunnel'],
  [/^(vethernet|veth|docker|br-|bridge|virbr|vmnet|vboxnet|awdl|llw|anpi|ap\d)|virtualbox|vmware|hyper-v/i, 'virtual'],
  [/^(wi-?fi|wlan|wlp|wlx|wireless)/i, 'wifi'],
  [/^(ethernet|eth\d)/i, 'ethernet'],
];

/** What the name tells; macOS calls Wi-Fi and Ethernet alike. Pure. */
export function kindByName(name: string): InterfaceKind {
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

/** What the kernel tells; `root` is `/`, or a folder that holds a `sys/` tree. */
function kindInSys(root: string, name: string): InterfaceKind {
  const has = (entry: string): boolean => existsSync(join(root, 'sys/class/net', name, entry));
  const named = kindByName(name);
  if (named === 'loopback' || !has('')) return named;
  if (has('wireless') || has('phy80211')) return 'wifi';
  if (has('tun_flags') || named === 'tunnel') return 'tunnel';
  return has('device') ? 'ethernet' : 'virtual';
}

/** Chooses how the kind is found out. */
export function kindsOf(platform: Platform, root: string): KindOf {
  return platform === 'linux' ? (name) => kindInSys(root, name) : kindByName;
}
