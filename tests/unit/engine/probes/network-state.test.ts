/** Whether a machine has a network, read from what its system tells. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkReader } from '../../../../src/main/engine/probes/network-reader';
import { networkOfInterfaces } from '../../../../src/main/engine/probes/network-state';
import { hasNameServer, routesOfIpv4, routesOfIpv6 } from '../../../../src/main/engine/probes/network-state.linux';

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const route = (name: string, destination: string, flags: string, mask: string): string => `${name}\t${destination}\t010200C0\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0\n`;
const DEFAULT = route('eth0', '00000000', '0003', '00000000');
const LAN = route('eth0', '000200C0', '0001', '00FFFFFF');
const ZERO = '00000000000000000000000000000000';
const sixth = (destination: string, length: string, flags: string, name: string): string => `${destination} ${length} ${ZERO} 00 ${ZERO} 00000400 00000003 00000000 ${flags}     ${name}\n`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'traywatch-network-'));
});
afterEach(() => rmSync(root, { recursive: true }));
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

describe('routes of Linux', () => {
  it('over IPv4', () => {
    expect(routesOfIpv4(HEAD + DEFAULT + LAN)).toBe('default');
    expect(routesOfIpv4(HEAD + LAN)).toBe('some');
    expect(routesOfIpv4(HEAD)).toBe('none');
    expect(routesOfIpv4('')).toBe('none');
    // Down, and one that rejects.
    expect(routesOfIpv4(HEAD + route('eth0', '00000000', '0002', '00000000') + route('*', '00000000', '0201', '00000000'))).toBe('none');
  });

  it('over IPv6: what is there with every interface is none', () => {
    expect(routesOfIpv6(sixth(ZERO, '00', '00000003', 'eth0'))).toBe('default');
    expect(routesOfIpv6(sixth('fd000000000000000000000000000000', '40', '00000001', 'eth0'))).toBe('some');
    expect(routesOfIpv6(sixth('fe800000000000000000000000000000', '40', '00000001', 'eth0') + sixth('ff000000000000000000000000000000', '08', '00000001', 'eth0') + sixth(ZERO, '00', '00200200', 'lo') + sixth('00000000000000000000000000000001', '80', '80200001', 'lo'))).toBe('none');
  });
});

describe('name servers', () => {
  it('are those of resolv.conf', () => {
    expect(hasNameServer('# nameserver 10.0.0.1\nsearch example.org\n')).toBe(false);
    expect(hasNameServer('search example.org\n nameserver 127.0.0.53\n')).toBe(true);
    expect(hasNameServer('')).toBe(false);
  });
});

describe('the network of a machine', () => {
  it('is read from its files; what cannot be read counts as there', () => {
    const read = networkReader('linux', root);
    expect(read()).toEqual({ routes: 'default', hasNameServer: true });
    put('proc/net/route', HEAD + LAN);
    put('etc/resolv.conf', '');
    expect(read()).toEqual({ routes: 'some', hasNameServer: false });
    put('proc/net/ipv6_route', sixth(ZERO, '00', '00000003', 'eth0'));
    expect(read().routes).toBe('default');
    put('proc/net/ipv6_route', '');
    put('proc/net/route', HEAD);
    expect(read().routes).toBe('none');
    // More than is read: a router.
    put('proc/net/route', HEAD + LAN.repeat(3000));
    expect(read().routes).toBe('default');
  });

  it('elsewhere follows from its addresses', () => {
    const one = (address: string, internal = false): Parameters<typeof networkOfInterfaces>[0] => [['en0', [{ address, internal, netmask: '', family: address.includes(':') ? 'IPv6' : 'IPv4', mac: '', cidr: null, ...(address.includes(':') ? { scopeid: 0 } : {}) } as never]]];
    expect(networkOfInterfaces([...one('127.0.0.1', true), ...one('fe80::1'), ...one('169.254.3.4')]).routes).toBe('none');
    expect(networkOfInterfaces([...one('127.0.0.1', true), ...one('192.168.1.5')]).routes).toBe('default');
    expect(networkReader('darwin', root)().hasNameServer).toBe(true);
  });
});
