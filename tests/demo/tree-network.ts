/** Network interfaces and sockets of a made-up machine. Pure. */
import { fixed } from './tree-cpu';
import type { MachineSpec } from './machine';
import type { Files, LiveFiles, Moment } from './moment';

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

/** Mean bytes of a packet. */
const PACKET = 900;

/** /proc/net/dev. */
export function netdevFile({ machine: { spec, load }, totals }: Moment): string {
  const lines = spec.interfaces.map(({ name, rx, tx, wrapsFrom }) => {
    const shown = (value: number): string => fixed(wrapsFrom === undefined ? value : (Math.floor(value) + wrapsFrom) % 2 ** 32, 15);
    const half = (bytes: number): string => `${shown(bytes)} ${shown(bytes / PACKET)} 0 0 0 0`;
    return `${name.padStart(6)}: ${half(load.count(rx, totals, `${name} rx`))} 0 0 ${half(load.count(tx, totals, `${name} tx`))} 0 0\n`;
  });
  return HEAD + lines.join('');
}

/** Folders of /sys/class/net. */
export function interfaceFolders({ interfaces }: MachineSpec): Files {
  return Object.fromEntries(interfaces.flatMap(({ name, sysfs }) => Object.entries(sysfs).map(([file, content]) => [`sys/class/net/${name}/${file}`, content])));
}

/** Counts of sockets. */
export function socketFiles({ machine: { spec, load }, time }: Moment): LiveFiles {
  const { cpu } = load.smooth(time);
  const open = Math.round(spec.connections * (0.6 + 1.2 * cpu + 0.1 * Math.sin(time / 40_000)));
  const waiting = Math.round(open * (0.3 + 0.2 * Math.sin(time / 90_000)));
  const count = (value: number): string => fixed(value, 6);
  return {
    'proc/net/snmp': `Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab\nTcp: 1 200 120000 -1 0 0 0 0 ${count(open)}\n`,
    'proc/net/sockstat': `sockets: used ${count(open * 3)}\nTCP: inuse ${count(open + 14)} orphan 0 tw ${count(waiting)} alloc ${count(open + 20)} mem 4\nUDP: inuse ${count(12)} mem 2\n`,
    'proc/net/sockstat6': `TCP6: inuse ${count(9)}\nUDP6: inuse ${count(6)}\n`,
  };
}
