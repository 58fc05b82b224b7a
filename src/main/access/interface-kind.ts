/** The kind of a network interface: from /sys on Linux, from its name elsewhere. Cheap; read only while it is displayed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InterfaceKind } from '../../shared/sharing/interface-schemas';
import type { Platform } from '../engine/collectors/deps';

/** Returns the kind of the interface with a name. */
export type KindOf = (name: string) => InterfaceKind;

const NAMES: readonly (readonly [RegExp, InterfaceKind])[] = [
  [/^(lo\d*$|loopback)/i, 'loopback'],
  [/^(utun|tun|tap|wg|ppp|ipsec|gif|stf|tailscale|zt)\d*|vpn|wireguard|tailscale|zerotier/i, 'tunnel'],
  [/^(vethernet|veth|docker|br-|bridge|virbr|vmnet|vboxnet|awdl|llw|anpi|ap\d)|virtualbox|vmware|hyper-v/i, 'virtual'],
  [/^(wi-?fi|wlan|wlp|wlx|wireless)/i, 'wifi'],
  [/^(ethernet|eth\d)/i, 'ethernet'],
];

/** The kind a name suggests; macOS names Wi-Fi and Ethernet alike (`en0`). Pure. */
export function kindByName(name: string): InterfaceKind {
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

/** The kind according to the kernel; `root` is `/`, or a folder with a `sys/` tree. */
function kindInSys(root: string, name: string): InterfaceKind {
  const has = (entry: string): boolean => existsSync(join(root, 'sys/class/net', name, entry));
  const byName = kindByName(name);
  if (byName === 'loopback' || !has('')) return byName;
  if (has('wireless') || has('phy80211')) return 'wifi';
  if (has('tun_flags') || byName === 'tunnel') return 'tunnel';
  return has('device') ? 'ethernet' : 'virtual';
}

/** The way to determine the kind on a platform. */
export function kindsOf(platform: Platform, root: string): KindOf {
  return platform === 'linux' ? (name) => kindInSys(root, name) : kindByName;
}
