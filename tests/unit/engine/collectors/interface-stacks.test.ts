/** Stacks of interfaces, in which each byte passes several: it counts once. */
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linuxNetwork } from '../../../../src/main/engine/collectors/network.linux';
import { createFakeTree, FOLDER } from '../../../support/fake-tree';
import type { FakeTree, TreeEntries } from '../../../support/fake-tree';
import { machineDeps } from '../../../support/recorded-machine';

const NET = 'sys/class/net';

/** What the kernel shows of an interface. */
interface TestInterface {
  readonly name: string;
  readonly has?: readonly ('device' | 'bridge' | 'bonding' | 'tun_flags')[];
  readonly master?: string;
  readonly upper?: readonly string[];
  readonly lower?: readonly string[];
  readonly type?: number;
  /** `iflink`, where it is not the interface itself. */
  readonly link?: number;
  readonly port?: string;
  readonly switch?: string;
  readonly flags?: string;
  readonly kind?: string;
}

function entriesOf(all: readonly TestInterface[]): TreeEntries {
  const entries: Record<string, TreeEntries[string]> = {};
  all.forEach(({ name, has = [], master, upper = [], lower = [], type = 1, link, port, switch: switchId, flags, kind }, i) => {
    const at = (entry: string): string => `${NET}/${name}/${entry}`;
    Object.assign(entries, { [at('type')]: type, [at('ifindex')]: i + 1, [at('iflink')]: link ?? i + 1 });
    for (const entry of has) entries[at(entry)] = FOLDER;
    if (master !== undefined) entries[at('master')] = { link: `../${master}` };
    for (const other of upper) entries[at(`upper_${other}`)] = { link: `../${other}` };
    for (const other of lower) entries[at(`lower_${other}`)] = { link: `../${other}` };
    if (port !== undefined) entries[at('phys_port_name')] = port;
    if (switchId !== undefined) entries[at('phys_switch_id')] = switchId;
    if (kind !== undefined) entries[at('uevent')] = `DEVTYPE=${kind}\nINTERFACE=${name}\nIFINDEX=${i + 1}`;
    if (flags !== undefined) entries[at('flags')] = flags;
  });
  return entries;
}

/** Received bytes per interface, as /proc/net/dev. */
function devFile(bytes: Readonly<Record<string, number>>): TreeEntries {
  const lines = Object.entries(bytes).map(([name, rx]) => `${name}: ${rx} ${Math.ceil(rx / 100)} 0 0 0 0 0 0 0 0 0 0 0 0 0 0`);
  return { 'proc/net/dev': ['Inter-|', ' face |', ...lines].join('\n') };
}

/** Two reads a second apart; `grown` are the bytes each interface received meanwhile. */
async function readingOf(tree: FakeTree, grown: Readonly<Record<string, number>>) {
  const read = async (bytes: Readonly<Record<string, number>>) => {
    tree.put(devFile(bytes));
    const collector = linuxNetwork(machineDeps('none', { root: tree.root }));
    const raw = await collector.read();
    collector.close?.();
    return { raw, collector };
  };
  const before = await read(Object.fromEntries(Object.keys(grown).map((name) => [name, 5000])));
  const { raw, collector } = await read(Object.fromEntries(Object.entries(grown).map(([name, rx]) => [name, 5000 + rx])));
  return collector.toReading(raw, { raw: before.raw, seconds: 1 });
}

async function totalOf(interfaces: readonly TestInterface[], grown: Readonly<Record<string, number>>): Promise<number | null> {
  return (await readingOf(createFakeTree(entriesOf(interfaces)), grown)).values.rx;
}

const card = (name: string, own: Partial<TestInterface> = {}): TestInterface => ({ name, has: ['device'], ...own });

describe('the total of a machine with cards', () => {
  it.each<[string, readonly TestInterface[], Record<string, number>]>([
    ['a card and a virtual function below it, by "master" alone (Azure)', [card('eth0'), card('enP1s1', { master: 'eth0' })], { eth0: 1000, enP1s1: 1000 }],
    ['the same, by "lower" of the upper one alone', [card('eth0', { lower: ['enP1s1'] }), card('enP1s1')], { eth0: 1000, enP1s1: 1000 }],
    ['the same, by "upper" of the lower one alone', [card('eth0'), card('enP1s1', { upper: ['eth0'] })], { eth0: 1000, enP1s1: 1000 }],
    [
      'three interfaces of net_failover: the failover device, the slow one and the fast one',
      [card('ens3', { lower: ['ens3nsby', 'enp1s0'] }), card('ens3nsby', { master: 'ens3', upper: ['ens3'] }), card('enp1s0', { master: 'ens3', upper: ['ens3'] })],
      { ens3: 1000, ens3nsby: 100, enp1s0: 900 },
    ],
    ['a switch: the card that leads to it, and its ports', [card('eth0', { upper: ['lan1', 'lan2'] }), card('lan1', { lower: ['eth0'] }), card('lan2', { lower: ['eth0'] })], { eth0: 1010, lan1: 600, lan2: 400 }],
    ['a radio that listens to everything', [card('wlan0'), card('wlan0mon', { type: 803 })], { wlan0: 1000, wlan0mon: 9000 }],
    ['what stands for virtual functions of a card', [card('p0'), card('p0_0', { port: 'pf0vf0' }), card('p0_1', { port: 'c1pf0sf88' })], { p0: 1000, p0_0: 300, p0_1: 300 }],
    ['the same by drivers that name the port first', [card('ens1', { port: 'p0', switch: 'ab' }), card('ens1_rep', { port: 'p0pf1vf2', switch: 'ab' })], { ens1: 1000, ens1_rep: 300 }],
    ['what stands for the host of a card that is a computer itself', [card('p0', { port: 'p0', switch: 'ab' }), card('pf0hpf', { port: 'c1pf0', switch: 'ab' }), card('en3f0pf0sf0', { port: 'pf0sf0', switch: 'ab' })], { p0: 1000, pf0hpf: 900, en3f0pf0sf0: 300 }],
    ['a card that is called like a function, without a switch', [card('eth0', { port: 'pf0' }), { name: 'wg0', type: 65534 }], { eth0: 1000, wg0: 900 }],
    ['the loopback of a guest that shares the addresses of its host (WSL)', [card('eth0'), card('loopback0')], { eth0: 1000, loopback0: 5000 }],
    ['the host side of a guest (Xen)', [card('eth0', { master: 'xenbr0' }), { name: 'xenbr0', has: ['bridge'], lower: ['eth0', 'vif1.0'] }, card('vif1.0', { master: 'xenbr0' })], { eth0: 1000, xenbr0: 900, 'vif1.0': 900 }],
    ['a modem and what is multiplexed on it', [card('wwan0', { type: 65534, upper: ['qmimux0'] }), { name: 'qmimux0', type: 65534, lower: ['wwan0'] }], { wwan0: 1000, qmimux0: 990 }],
    ['MACsec, HSR, VRF and batman on cards', [card('eth0', { upper: ['macsec0', 'vrf-blue'] }), { name: 'macsec0', lower: ['eth0'] }, { name: 'vrf-blue', lower: ['eth0'] }, { name: 'bat0', lower: ['eth0'] }], { eth0: 1000, macsec0: 900, 'vrf-blue': 900, bat0: 100 }],
    ['a bond', [card('eth0', { master: 'bond0' }), card('eth1', { master: 'bond0' }), { name: 'bond0', has: ['bonding'], lower: ['eth0', 'eth1'] }], { eth0: 400, eth1: 600, bond0: 1000 }],
    ['a team', [card('eth0', { upper: ['team0'] }), card('eth1', { upper: ['team0'] }), { name: 'team0', lower: ['eth0', 'eth1'] }], { eth0: 400, eth1: 600, team0: 1000 }],
    ['VLANs, also of any name, and MACVLAN', [card('eth0', { upper: ['eth0.7', 'guests', 'mv0'] }), { name: 'eth0.7', lower: ['eth0'] }, { name: 'guests', lower: ['eth0'] }, { name: 'mv0', lower: ['eth0'] }], { eth0: 1000, 'eth0.7': 300, guests: 300, mv0: 300 }],
    ['tunnels of any name', [card('eth0'), { name: 'corp', has: ['tun_flags'], type: 65534 }, { name: 'wg0', type: 65534 }, { name: 'ppp0', type: 512 }], { eth0: 1000, corp: 500, wg0: 500, ppp0: 500 }],
    ['a bridge with guests', [card('eth0', { master: 'br0' }), { name: 'br0', has: ['bridge'], lower: ['eth0', 'vnet3'] }, { name: 'vnet3', has: ['tun_flags'], master: 'br0' }], { eth0: 1000, br0: 1000, vnet3: 700 }],
  ])('counts each byte once: %s', async (_, interfaces, grown) => {
    expect(await totalOf(interfaces, { lo: 77, ...grown })).toBe(1000);
  });

  it('adds up a virtual function that is under no card: each counts its own queues', async () => {
    expect(await totalOf([card('eth0'), card('eth0v0')], { eth0: 1000, eth0v0: 200 })).toBe(1200);
  });
});

describe('the total of a machine without cards', () => {
  it.each<[string, readonly TestInterface[], Record<string, number>]>([
    ['a container with containers, without /sys', [], { eth0: 1000, docker0: 1000, veth9a8b7c6: 1000 }],
    ['names of guests and forwarders, without /sys', [], Object.fromEntries(['eth0', 'cali12ab34cd567', 'lxc_health', 'lxc9f3a1b2c4d5e', 'vnet12', 'fwbr100i0', 'fwpr100p0', 'fwln100i0', 'vmnet8', 'nordlynx', 'br0', 'br-3f2a1b4c5d6e', 'tap100i0', 'ifb0', 'wg0', 'tailscale0', 'zt5u4y6ejv', 'bond0', 'eth0.7', 'eth0:1', 'vxlan.calico'].map((name) => [name, 1000]))],
    ['a pair end by any name on a bridge of any name', [{ name: 'eth0', link: 40 }, { name: 'inner', has: ['bridge'], lower: ['guest1'] }, { name: 'guest1', link: 41, master: 'inner', upper: ['inner'] }], { eth0: 1000, inner: 800, guest1: 800 }],
    ['its own way out in a bridge', [{ name: 'eth0', link: 40, master: 'br0' }, { name: 'br0', has: ['bridge'], lower: ['eth0', 'guest1'] }, { name: 'guest1', link: 41, master: 'br0' }], { eth0: 1000, br0: 900, guest1: 800 }],
    ['a bond of its ways out', [{ name: 'eth0', link: 40, master: 'b' }, { name: 'eth1', link: 41, master: 'b' }, { name: 'b', has: ['bonding'], lower: ['eth0', 'eth1'] }], { eth0: 400, eth1: 600, b: 1000 }],
    ['VLANs and IPVLANs by any name', [{ name: 'eth0', link: 40, upper: ['x', 'y'] }, { name: 'x', lower: ['eth0'], link: 1 }, { name: 'y', lower: ['eth0'], link: 1 }], { eth0: 1000, x: 300, y: 300 }],
    ['a tunnel by any name', [{ name: 'eth0', link: 40 }, { name: 'corp', has: ['tun_flags'], type: 65534 }], { eth0: 1000, corp: 900 }],
    ['OpenVZ', [], { venet0: 1000 }],
    ['OpenVZ with its flags', [{ name: 'venet0', type: 65535, flags: '0x10c1' }], { venet0: 1000 }],
    ['dummies of any name, and buses that are none of a network', [{ name: 'eth0', link: 40, flags: '0x1003' }, { name: 'anycast1', flags: '0x82' }, { name: 'shaper', flags: '0xc3' }, { name: 'bus0', type: 280, flags: '0xc1' }, { name: 'watch', type: 824, flags: '0xc1' }], { eth0: 1000, anycast1: 700, shaper: 700, bus0: 50, watch: 60 }],
    ['overlays by any name, also over an interface of another container', [{ name: 'eth0', link: 40 }, { name: 'overlay1', kind: 'vxlan', link: 9 }, { name: 'mesh', kind: 'geneve' }, { name: 'secure', kind: 'macsec', link: 40 }], { eth0: 1000, overlay1: 900, mesh: 50, secure: 60 }],
    ['an IPVLAN of layer 3', [{ name: 'eth0', link: 40, flags: '0x10c3' }], { eth0: 1000 }],
    ['a node of a cluster in a container', [{ name: 'eth0', link: 7 }, { name: 'cilium_host', link: 3 }, { name: 'cilium_net', link: 2 }, { name: 'lxc1a2b3c4d5e6f', link: 42 }, { name: 'ovn-k8s-mp0' }, { name: 'genev_sys_6081' }], { eth0: 1000, cilium_host: 300, cilium_net: 300, lxc1a2b3c4d5e6f: 40, 'ovn-k8s-mp0': 20, genev_sys_6081: 20 }],
    ['nothing but a tunnel', [], { tun0: 1000 }],
    ['nothing but an end of a pair', [], { veth1: 1000 }],
  ])('is that of its ways out: %s', async (_, interfaces, grown) => {
    expect(await totalOf(interfaces, { lo: 77, ...grown })).toBe(1000);
  });

  it('is unknown where guests are all there is', async () => {
    expect(await totalOf([], { lo: 77, docker0: 500, veth9a8b7c6: 500 })).toBeNull();
  });
});

/** A machine made of cards, with what is stacked on them, and the bytes that passed each interface. */
const stacks = fc
  .array(fc.record({ bytes: fc.nat(9999), below: fc.boolean(), by: fc.constantFrom('master', 'upper', 'lower'), vlans: fc.nat(2), bridged: fc.boolean(), guests: fc.nat(3) }), { minLength: 1, maxLength: 4 })
  .chain((cards) => fc.record({ cards: fc.constant(cards), bonded: fc.boolean(), tunnels: fc.nat(2) }))
  .map(({ cards, bonded, tunnels }) => {
    const interfaces: TestInterface[] = [];
    const grown: Record<string, number> = { lo: 123 };
    const add = (one: TestInterface, bytes: number): void => {
      interfaces.push(one);
      grown[one.name] = bytes;
    };
    cards.forEach(({ bytes, below, by, vlans, bridged, guests }, i) => {
      const [name, vf, bridge] = [`eth${i}`, `enP${i}s1`, `net${i}`];
      const tags = Array.from({ length: vlans }, (_, tag) => `tag${i}x${tag}`);
      add(card(name, { upper: [...tags, ...(bonded ? ['bundle'] : [])], ...(bridged ? { master: bridge } : {}), ...(below && by === 'lower' ? { lower: [vf] } : {}) }), bytes);
      if (below) add(card(vf, by === 'master' ? { master: name } : by === 'upper' ? { upper: [name] } : {}), Math.floor(bytes * 0.9));
      for (const tag of tags) add({ name: tag, lower: [name] }, Math.floor(bytes / 3));
      if (!bridged) return;
      const ends = Array.from({ length: guests }, (_, guest) => `guest${i}x${guest}`);
      add({ name: bridge, has: ['bridge'], lower: [name, ...ends] }, bytes);
      for (const end of ends) add({ name: end, master: bridge, link: 99 }, Math.floor(bytes / 2));
    });
    if (bonded) add({ name: 'bundle', has: ['bonding'], lower: cards.map((_, i) => `eth${i}`) }, cards.reduce((sum, { bytes }) => sum + bytes, 0));
    for (let i = 0; i < tunnels; i += 1) add({ name: `vpn${i}`, has: ['tun_flags'], type: 65534 }, 500);
    return { interfaces, grown, total: cards.reduce((sum, { bytes }) => sum + bytes, 0) };
  });

describe('any stack', () => {
  it('counts each byte of the cards once', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, async ({ interfaces, grown, total }) => {
        expect(await totalOf(interfaces, grown)).toBe(total);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what is stored', () => {
  it('is not the ends of guests, their ports and names made anew each time; it is all that lasts', async () => {
    const lasting = ['lo', 'eth0', 'enx00e04c680001', 'wlan0', 'docker0', 'br0', 'bond0', 'eth0.7', 'wg0', 'tun0', 'tailscale0', 'ppp0', 'virbr0'];
    const passing = ['veth9a8b7c6', 'veth100i0', 'cali12ab34cd567', 'lxc9f3a1b2c4d5e', 'vnet12', 'tap100i0', 'fwln100i0', 'br-3f2a1b4c5d6e', 'eni5b8f0c1a2d3', 'azvab12cd34ef5', 'anything', 'pair'];
    const interfaces: TestInterface[] = [
      card('eth0'),
      card('enx00e04c680001'),
      card('wlan0'),
      { name: 'br0', has: ['bridge'], lower: ['anything'] },
      { name: 'anything', has: ['tun_flags'], master: 'br0' },
      { name: 'pair', link: 40 },
      { name: 'eth0.7', lower: ['eth0'], link: 1 },
      { name: 'tun0', has: ['tun_flags'], type: 65534 },
    ];
    const { devices } = await readingOf(createFakeTree(entriesOf(interfaces)), Object.fromEntries([...lasting, ...passing].map((name) => [name, 100])));
    const stored = (names: readonly string[]): string[] => names.filter((name) => devices[name] !== undefined && devices[name].stored !== false);
    expect(stored(lasting)).toEqual(lasting);
    expect(stored(passing)).toEqual([]);
    expect(Object.keys(devices)).toHaveLength(lasting.length + passing.length);
  });

  it('is the way out of a container, although it is the end of a pair', async () => {
    const { devices } = await readingOf(createFakeTree(entriesOf([{ name: 'eth0', link: 40 }])), { eth0: 10 });
    expect(devices['eth0']?.stored).toBeUndefined();
  });
});

describe('an interface with the name of something else', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])('is like any other: %s', async (name) => {
    const tree = createFakeTree(devFile({ [name]: 10, eth0: 20 }));
    const collector = linuxNetwork(machineDeps('none', { root: tree.root, addresses: () => ({}) }));
    const raw = await collector.read();
    const reading = collector.toReading(raw, { raw, seconds: 1 });
    expect(raw.get(name)?.detail).toBeNull();
    expect(Object.keys(reading.devices)).toEqual([name, 'eth0']);
    expect(Object.entries(structuredClone(reading).devices).map(([id, { label, values }]) => [id, label, values.rx])).toEqual([[name, name, 0], ['eth0', 'eth0', 0]]);
    expect(Object.entries((JSON.parse(JSON.stringify(reading)) as typeof reading).devices)).toHaveLength(2);
    collector.close?.();
  });
});

describe('a real stack', () => {
  /** A pair into a bridge, tagged, in a network of its own; prints what the kernel shows of it. */
  const SCRIPT = `set -e
mount -t sysfs none "$1"
ip link add way type veth peer name far
ip link add inner type bridge
ip link set far master inner
ip tuntap add corp mode tun
cd "$1/class/net"
for name in *; do for entry in "$name"/*; do [ -d "$entry" ] && [ ! -L "$entry" ] && echo "$entry/" || echo "$entry"; done; done
for name in *; do echo "$name/ifindex=$(cat "$name/ifindex")"; echo "$name/iflink=$(cat "$name/iflink")"; echo "$name/type=$(cat "$name/type")"; done`;

  it('is read as the kernel shows it', async (context) => {
    const tree = createFakeTree({ mnt: FOLDER });
    const { status, stdout, stderr } = spawnSync('unshare', ['-n', '-m', 'sh', '-c', SCRIPT, 'sh', `${tree.root}/mnt`], { encoding: 'utf8', timeout: 20_000 });
    if (status !== 0) context.skip(`no network of its own can be made here: ${stderr.trim() || 'unshare and iproute2 are needed, as root'}`);
    const entries: Record<string, TreeEntries[string]> = {};
    for (const line of stdout.trim().split('\n')) {
      const [path = '', value] = line.split('=');
      if (path.endsWith('/')) entries[`${NET}/${path.slice(0, -1)}`] = FOLDER;
      else if (value !== undefined || !(`${NET}/${path}` in entries)) entries[`${NET}/${path}`] = value ?? (path.endsWith('/master') ? { link: '../inner' } : '');
    }
    tree.put(entries);
    const { values, devices } = await readingOf(tree, { lo: 1, way: 1000, far: 900, inner: 900, corp: 500 });
    expect(values.rx).toBe(1000);
    expect(Object.entries(devices).flatMap(([name, { stored }]) => (stored === false ? [name] : []))).toEqual(['far']);
  });
});
