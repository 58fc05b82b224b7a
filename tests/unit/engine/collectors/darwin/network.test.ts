/** Interfaces of macOS from recorded outputs of netstat. */
import { describe, expect, it } from 'vitest';
import { isSummed, parseInterfaces } from '../../../../../src/main/engine/collectors/network.darwin';
import { failureOf } from '../../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../../support/recorded-mac';

const macbook = printed('macbook-m3-26', 'netstat-interfaces');
const HEADER = macbook.split('\n')[0] ?? '';

describe('netstat -ibdn', () => {
  it('has each interface once, by the row of its link', () => {
    const interfaces = parseInterfaces(macbook, { en0: '192.168.1.20' });
    expect(interfaces.size).toBe(19);
    expect(interfaces.get('en0')).toEqual({
      detail: '192.168.1.20', summed: true, rxBytes: 21_474_836_480, rxPackets: 18_234_567, txBytes: 30_277_303_935, txPackets: 9_123_456, errors: 3, drops: 5,
    });
    // Without an address, and marked as down.
    expect(interfaces.get('utun3')).toMatchObject({ detail: null, rxBytes: 73_921_024, txPackets: 60_211, drops: 7, summed: false });
    expect(interfaces.get('en5')).toMatchObject({ rxBytes: 0, txBytes: 0, errors: 0, summed: true });
  });

  it('sums what leaves the machine, and nothing twice', () => {
    const summedOf = (text: string): string[] => [...parseInterfaces(text, {})].filter(([, one]) => one.summed).map(([name]) => name);
    expect(summedOf(macbook)).toEqual(['en3', 'en4', 'en1', 'en5', 'en0']);
    expect(summedOf(printed('imac-intel-13', 'netstat-interfaces'))).toEqual(['en0', 'en1']);
  });

  it.each(['lo0', 'gif0', 'stf0', 'bridge0', 'bridge100', 'utun12', 'ipsec0', 'ppp0', 'feth0', 'vlan0', 'vlan0.10', 'bond0', 'tap0', 'tun1', 'wg0', 'vmenet0', 'vmnet8', 'vnic0', 'pktap0', 'iptap0', 'XHC0', 'XHC20', 'p2p0', 'awdl0', 'llw0', 'ap1', 'anpi0', 'fw0', 'en', 'enx0', 'zen0'])(
    'does not sum %s',
    (name) => expect(isSummed(name)).toBe(false),
  );

  it.each(['en0', 'en5', 'en12'])('sums %s', (name) => expect(isSummed(name)).toBe(true));

  it('is unknown where a dash or nothing is printed', () => {
    const dashes = `${HEADER}\nen0        1500  <Link#14>   a4:83:e7:00:00:01        1     -         22        3     1         44     -   -\n`;
    expect(parseInterfaces(dashes, {}).get('en0')).toMatchObject({ rxPackets: 1, rxBytes: 22, txBytes: 44, errors: null, drops: null });
    // Older versions print no drops in the row of the link although the header has them.
    const short = `${HEADER}\nen0        1500  <Link#14>   a4:83:e7:00:00:01        1     0         22        3     1         44     0\ngif0*      1280  <Link#2>          5     0          6        7     0          8     0\n`;
    expect(parseInterfaces(short, {}).get('en0')).toMatchObject({ rxBytes: 22, txBytes: 44, errors: 1, drops: null });
    expect(parseInterfaces(short, {}).get('gif0')).toMatchObject({ rxPackets: 5, rxBytes: 6, txPackets: 7, txBytes: 8, drops: null });
  });

  it('finds its columns by the header', () => {
    const other = 'Name Mtu Network Address Ipkts Ibytes Opkts Obytes Drop Future\nen0 1500 <Link#1> a4:83:e7:00:00:01 1 2 3 4 5 6\n';
    expect(parseInterfaces(other, {}).get('en0')).toEqual({ detail: null, summed: true, rxPackets: 1, rxBytes: 2, txPackets: 3, txBytes: 4, drops: 5, errors: null });
  });

  it('treats a name of all objects like any other', () => {
    const odd = `${HEADER}\n__proto__  1500  <Link#14>   a4:83:e7:00:00:01        1     0         22        3     1         44     0   0\nconstructor 1500 <Link#15>                            1     0         22        3     1         44     0   0\n`;
    expect([...parseInterfaces(odd, {})].map(([name, { rxBytes, detail }]) => [name, rxBytes, detail])).toEqual([['__proto__', 22, null], ['constructor', 22, null]]);
  });

  it.each(['', 'garbage\n', 'Name Mtu Network Address Ipkts Ierrs Opkts Oerrs Coll\nen0 1500 <Link#1> 1 2 3 4 5\n'])('is a fault without its columns: %j', async (text) => {
    expect(await failureOf(() => parseInterfaces(text, {}))).toMatchObject({ kind: 'ParseError' });
  });

  it('is a fault without any interface', async () => {
    expect(await failureOf(() => parseInterfaces(`${HEADER}\n`, {}))).toMatchObject({ kind: 'SystemUnavailable' });
  });
});

describe('the network of a Mac', () => {
  it('has rates of two reads, from one program each', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const { network } = mac.collectors();
    const before = await network.read();
    mac.print('netstat-interfaces', macbook.replaceAll('21474836480', '21474846480').replaceAll('30277303935', '30277304935'));
    const now = await network.read();
    expect(network.toReading(before, null)).toMatchObject({ values: { rx: null, tx: null, rxTotal: 21_474_836_480, rxPacketsTotal: 18_234_567 } });
    expect(network.toReading(now, { raw: before, seconds: 2 }).values).toMatchObject({ rx: 5000, tx: 500, errors: 0, drops: 0, rxTotal: 21_474_846_480, txTotal: 30_277_304_935 });
    expect(mac.started).toEqual(['/usr/sbin/netstat -ibdn', '/usr/sbin/netstat -ibdn']);
  });

  it('says since when its counters count', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const { network } = mac.collectors();
    await network.read();
    mac.print('netstat-interfaces', macbook.replaceAll('21474836480', '1000').replaceAll('30277303935', '2000'));
    const raw = await network.read();
    expect(network.toReading(raw, null)).toMatchObject({ since: { reason: 'reset', device: 'en0', time: mac.time.now() }, devices: { en0: { since: { reason: 'reset' } } } });
  });
});
