/** Network interfaces of the machine, and the addresses the server listens at. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import { lanInterfacesSchema } from '../../../src/shared/sharing/interface-schemas';
import { lanSettingsSchema } from '../../../src/shared/sharing/lan-settings';
import type { LocalAddress, LocalHost } from '../../../src/main/access/addresses';
import { readLocalHost } from '../../../src/main/access/addresses';
import { kindByName, kindsOf } from '../../../src/main/access/interface-kind';
import { interfacesOf, readInterfaces } from '../../../src/main/access/interfaces';
import { mdnsInterfaces, staleListeners, resolveBindTargets } from '../../../src/main/lan/bind-addresses';

const at = (name: string, address: string, more: Partial<LocalAddress> = {}): LocalAddress => ({ interface: name, address, family: address.includes(':') ? 6 : 4, loopback: false, linkLocal: false, ...more });
const LO = [at('lo', '127.0.0.1', { loopback: true }), at('lo', '::1', { loopback: true })];
const WIFI = [at('wlan0', 'fe80::5', { linkLocal: true }), at('wlan0', '2001:db8::5'), at('wlan0', '192.168.1.5')];
const machineWith = (...addresses: LocalAddress[]): LocalHost => ({ hostname: 'box', addresses });

describe('bind targets', () => {
  const localHost = machineWith(...LO, ...WIFI, at('docker0', '172.17.0.1'));

  it('are all addresses, single ones, or those an interface has now', () => {
    expect(resolveBindTargets('all', localHost)).toEqual({ choices: [['::', '0.0.0.0']], absent: [] });
    expect(resolveBindTargets(['interface:wlan0', '10.8.0.2', '192.168.1.5'], localHost)).toEqual({ choices: [['2001:db8::5'], ['192.168.1.5'], ['10.8.0.2']], absent: [] });
    expect(resolveBindTargets(['interface:wlan0', 'interface:wlan'], machineWith(...LO, at('wlan0', '10.0.0.9'), at('wlan', 'fe80::1', { linkLocal: true })))).toEqual({ choices: [['10.0.0.9']], absent: ['wlan'] });
  });

  it('no longer include an address that was lost or moved to an interface that is not selected', () => {
    const listening = ['192.168.1.5', '2001:db8::5', '127.0.0.3', '10.8.0.2'];
    const chosen = ['interface:wlan0', '127.0.0.3', '10.8.0.2'];
    const moved = machineWith(...LO, at('wlan0', '192.168.1.5'), at('eth0', '2001:db8::5'));
    expect(staleListeners(listening, resolveBindTargets(chosen, moved), moved)).toEqual(['2001:db8::5', '10.8.0.2']);
    expect(staleListeners(['::'], resolveBindTargets('all', moved), moved)).toEqual([]);
  });

  it('keep their listeners while the machine’s addresses cannot be read', () => {
    const unknown = machineWith();
    expect(staleListeners(['192.168.1.5', '::'], resolveBindTargets(['192.168.1.5'], unknown), unknown)).toEqual(['::']);
    expect(staleListeners(['0.0.0.0'], resolveBindTargets('all', unknown), unknown)).toEqual([]);
  });

  it('determine where mDNS announces: by interface, or by bound address', () => {
    expect(mdnsInterfaces('all', ['::'])).toBeNull();
    expect(mdnsInterfaces(['interface:wlan0', '10.8.0.2', '10.8.0.3'], ['192.168.1.5', '10.8.0.3'])).toEqual(['wlan0', '10.8.0.3']);
  });

  it.each([['interface:Ethernet 2'], ['interface:Wi-Fi – ñ'], ['10.0.0.5'], ['fd00::5']])('accept %j', (choice) => {
    expect(lanSettingsSchema.parse({ addresses: [choice] }).addresses).toEqual([choice]);
  });

  it.each([[[]], [['interface:']], [['interface:eth0\u0000']], [[`interface:${'x'.repeat(200)}`]], [['eth0']], [['10.0.0.256']], ['some']])('refuse %j', (addresses) => {
    expect(lanSettingsSchema.safeParse({ addresses }).success).toBe(false);
  });
});

describe('network interfaces', () => {
  const kinds = { lo: 'loopback', docker0: 'virtual', wlan0: 'wifi', eth10: 'ethernet', eth2: 'ethernet' } as const;

  it('are listed with the URLs a browser opens, the likeliest first and loopback last', () => {
    const localHost = machineWith(...LO, at('docker0', '172.17.0.1'), ...WIFI, at('eth10', '10.0.0.10'), at('eth2', '10.0.0.2'));
    const list = interfacesOf(localHost, (name) => kinds[name as keyof typeof kinds], DEFAULT_SETTINGS.lan);
    expect(lanInterfacesSchema.parse(list).map(({ name, kind }) => [name, kind])).toEqual([
      ['eth2', 'ethernet'],
      ['eth10', 'ethernet'],
      ['wlan0', 'wifi'],
      ['docker0', 'virtual'],
      ['lo', 'loopback'],
    ]);
    expect(list[2]?.addresses).toEqual([
      { address: '192.168.1.5', family: 4, url: 'https://192.168.1.5:8543/' },
      { address: '2001:db8::5', family: 6, url: 'https://[2001:db8::5]:8543/' },
      { address: 'fe80::5', family: 6, url: null },
    ]);
    expect(interfacesOf(localHost, () => 'other', { tls: 'off', port: 80 })[0]?.addresses[0]?.url).toBe('http://172.17.0.1/');
  });

  it('are read from this machine; a failure becomes a CallError', () => {
    const parts = { kindOf: kindByName, localHost: readLocalHost, settings: () => DEFAULT_SETTINGS.lan };
    expect(lanInterfacesSchema.parse(readInterfaces(parts)).flatMap(({ addresses }) => addresses.map(({ address }) => address))).toContain('127.0.0.1');
    const failing = (): LocalHost => {
      throw new Error('EPERM');
    };
    expect(() => readInterfaces({ ...parts, localHost: failing })).toThrow(expect.objectContaining({ code: 'Unavailable', message: 'EPERM' }));
  });

  it.each([
    ['lo', 'loopback'],
    ['Loopback Pseudo-Interface 1', 'loopback'],
    ['utun4', 'tunnel'],
    ['wg0', 'tunnel'],
    ['OpenVPN TAP-Windows6', 'tunnel'],
    ['vEthernet (WSL)', 'virtual'],
    ['VirtualBox Host-Only Network', 'virtual'],
    ['awdl0', 'virtual'],
    ['Wi-Fi', 'wifi'],
    ['WLAN 2', 'wifi'],
    ['Ethernet 2', 'ethernet'],
    ['en0', 'other'],
    ['LAN-Verbindung', 'other'],
  ])('%s is %s by its name', (name, kind) => {
    expect(kindByName(name)).toBe(kind);
    expect(kindsOf('darwin', '/')(name)).toBe(kind);
  });

  it('have the kind that Linux reports, whatever their names', () => {
    const root = mkdtempSync(join(tmpdir(), 'traywatch-sys-'));
    for (const entry of ['lan/device', 'air/device', 'air/wireless', 'wlx1/device', 'wlx1/phy80211', 'office/tun_flags', 'wg0/queues', 'docker0/bridge', 'eth0/queues']) {
      mkdirSync(join(root, 'sys/class/net', entry), { recursive: true });
    }
    const kindOf = kindsOf('linux', root);
    expect(['lan', 'air', 'wlx1', 'office', 'wg0', 'docker0', 'eth0', 'lo', 'eth9'].map(kindOf)).toEqual(['ethernet', 'wifi', 'wifi', 'tunnel', 'tunnel', 'virtual', 'virtual', 'loopback', 'ethernet']);
    rmSync(root, { recursive: true });
  });
});
