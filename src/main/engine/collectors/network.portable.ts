/** Network counters through systeminformation, for macOS and Windows; packets are unknown there. */
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import { CounterStarts } from './counter-starts';
import { networkReading, withStarts } from './network';
import type { InterfaceCounters, NetworkRaw } from './network';
import { ownValue, totalOf } from './numbers';
import { atLeast } from './systeminformation';
import type { SiInterface } from './systeminformation';
import { CollectorError } from './collector';
import type { Collector } from './collector';

/**
 * Loopback, bridges, bonds, VLANs, tunnels, guests, peer-to-peer Wi-Fi and packet taps of macOS; loopback, virtual switches
 * and tunnels of Windows.
 */
const FORWARDING =
  /^(?:lo\d*$|bridge|bond\d|vlan\d|utun|tun\d|tap\d|ppp\d|ipsec\d|feth\d|awdl|llw|ap\d|gif|stf|anpi|pktap|iptap|XHC\d|vmnet|vmenet|Loopback|vEthernet|VMware |VirtualBox |Tailscale|NordLynx|ProtonVPN|WireGuard|OpenVPN|Teredo|isatap)/;

function countersOf(stats: SiInterface, detail: string | null): InterfaceCounters {
  const both = (a: Value, b: Value): Value => totalOf([a, b]);
  return {
    detail,
    summed: !FORWARDING.test(stats.iface),
    rxBytes: atLeast(0, stats.rx_bytes),
    rxPackets: null,
    txBytes: atLeast(0, stats.tx_bytes),
    txPackets: null,
    errors: both(atLeast(0, stats.rx_errors), atLeast(0, stats.tx_errors)),
    drops: both(atLeast(0, stats.rx_dropped), atLeast(0, stats.tx_dropped)),
  };
}

/** Reads `networkStats` of all interfaces. */
export function portableNetwork(deps: Pick<SystemDeps, 'addresses' | 'clock' | 'systemInformation'>): Collector<'network', NetworkRaw> {
  const starts = new CounterStarts();
  return {
    family: 'network',
    read: async () => {
      const stats = await (await deps.systemInformation()).networkStats('*');
      if (stats.length === 0) throw new CollectorError('SystemUnavailable', 'the system lists no network interface');
      const addresses = deps.addresses();
      return withStarts(new Map(stats.map((one) => [one.iface, countersOf(one, ownValue(addresses, one.iface))])), starts, deps.clock.now());
    },
    toReading: networkReading,
  };
}
