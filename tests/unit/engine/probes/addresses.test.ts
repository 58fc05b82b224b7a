/** Addresses that are refused in every way of writing them, and hosts that are this machine itself. */
import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedAddresses, isGuarded, isLoopbackHost } from '../../../../src/main/engine/probes/addresses';
import { Trace } from '../../../../src/main/engine/probes/prober';
import { namesOnly } from '../../../support/probing';

const trace = (): Trace => new Trace(() => 0);

describe('link-local and metadata addresses', () => {
  it.each([
    '169.254.0.0', '169.254.169.254', '169.254.255.255', '100.100.100.200', '168.63.129.16', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fd00:ec2::254', 'FD00:EC2:0:0:0:0:0:254', 'fd20:ce::254',
    '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:a9fe:1', '::169.254.169.254', '64:ff9b::169.254.169.254', '64:ff9b:1::a9fe:1', '2002:a9fe:1::', '::ffff:100.100.100.200',
  ])('%s is one', (address) => {
    expect(isGuarded(address)).toBe(true);
  });

  it.each(['127.0.0.1', '::1', '10.0.0.1', '169.253.1.1', '169.255.1.1', '192.168.0.1', '100.100.100.201', 'fec0::1', 'fd00::1', '2001:db8::a9fe:1', '::ffff:10.0.0.1', '64:ff9b::808:808', 'a.test', ''])('%s is none', (address) => {
    expect(isGuarded(address)).toBe(false);
  });

  it('are found whatever form an IPv6 address carries them in', () => {
    assert(
      property(integer({ min: 0, max: 255 }), integer({ min: 0, max: 255 }), (c, d) => {
        const low = ((c << 8) | d).toString(16);
        for (const form of [`::ffff:169.254.${c}.${d}`, `::ffff:a9fe:${low}`, `64:ff9b::a9fe:${low}`, `2002:a9fe:${low}::1`]) expect(isGuarded(form)).toBe(true);
      }),
    );
  });

  it('are left out of what a name has, and refused where nothing else is left', async () => {
    const lookup = namesOnly({ half: ['169.254.1.1', '10.0.0.1'], all: ['169.254.1.1', 'fe80::1'], none: [] });
    const ask = (host: string, allowLinkLocal = false): Promise<readonly string[]> => checkedAddresses({ host, allowLinkLocal }, lookup, trace()).then((list) => list.map(({ address }) => address));
    await expect(ask('half')).resolves.toEqual(['10.0.0.1']);
    await expect(ask('all')).rejects.toMatchObject({ fault: 'addressRefused' });
    await expect(ask('all', true)).resolves.toEqual(['169.254.1.1', 'fe80::1']);
    await expect(ask('none')).rejects.toMatchObject({ fault: 'nameNotFound' });
    await expect(ask('-oProxyCommand', true)).rejects.toMatchObject({ fault: 'addressRefused' });
  });
});

describe('this machine itself', () => {
  it.each(['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.9.9.9', '0.0.0.0', '::', '::1', '[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])('%s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });
  it.each(['localhost.example.org', '128.0.0.1', '::2', '10.0.0.1', 'fe80::1', '::ffff:10.0.0.1', '127.example.org'])('not %s', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
