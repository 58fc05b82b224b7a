/** Multicast DNS on real sockets of the loopback interface, the server's part in it, and the networks it is for. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock, systemTimers } from '../../../src/main/engine/clock';
import type { Announcement } from '../../../src/main/lan/mdns/announcement';
import { announcementOf } from '../../../src/main/lan/mdns/announcement';
import { isOnLink, linksOf } from '../../../src/main/lan/mdns/links';
import { MdnsAnnouncer } from '../../../src/main/lan/mdns/mdns';
import { createCallbackLog } from '../../support/log';
import { openLan } from '../../support/lan-server';
import { listenOnMulticast } from '../../support/multicast';
import { requestText, send, statusOf } from '../../support/raw-http';

describe('the networks to announce on', () => {
  const host = {
    hostname: 'box',
    addresses: [
      { address: '127.0.0.1', interface: 'lo', family: 4, loopback: true, linkLocal: false, prefix: 8 },
      { address: '192.168.1.5', interface: 'eth0', family: 4, loopback: false, linkLocal: false, prefix: 24 },
      { address: 'fd00::5', interface: 'eth0', family: 6, loopback: false, linkLocal: false, prefix: 64 },
      { address: 'fe80::5', interface: 'eth0', family: 6, loopback: false, linkLocal: true, prefix: 64 },
      { address: 'fd01::5', interface: 'v6only', family: 6, loopback: false, linkLocal: false, prefix: 64 },
    ],
  } as const;

  it('are all but loopback, or those selected', () => {
    expect(linksOf(host, null, true)).toEqual([{ address: '192.168.1.5', prefix: 24, addresses: ['192.168.1.5', 'fd00::5'] }]);
    expect(linksOf(host, null, false)).toEqual([{ address: '192.168.1.5', prefix: 24, addresses: ['192.168.1.5'] }]);
    expect(linksOf(host, ['eth0'], true)).toEqual([{ address: '192.168.1.5', prefix: 24, addresses: ['192.168.1.5', 'fd00::5'] }]);
    expect(linksOf(host, ['192.168.1.5'], true)).toEqual([{ address: '192.168.1.5', prefix: 24, addresses: ['192.168.1.5'] }]);
    expect(linksOf(host, ['127.0.0.1'], true)).toEqual([{ address: '127.0.0.1', prefix: 8, addresses: ['127.0.0.1'] }]);
    expect(announcementOf({ ...host, hostname: '–' }, 'all', { scheme: 'https', port: 1, addresses: ['::'] })).toBeNull();
  });

  it('know who belongs to them', () => {
    expect(['192.168.1.200', '192.168.2.1', 'fe80::1', '8.8.8.8'].map((sender) => isOnLink({ address: '192.168.1.5', prefix: 24, addresses: [] }, sender))).toEqual([true, false, false, false]);
  });
});

describe('over real sockets on loopback', () => {
  const PORT = 15_353;
  const loopback: Announcement = { host: 'box', instance: 'Traywatch on box', scheme: 'https', port: 8543, links: [{ address: '127.0.0.1', prefix: 8, addresses: ['127.0.0.1'] }], ownAddresses: ['127.0.0.1'] };

  it('the records can be read by another program, and a second one of the same name is renamed', { timeout: 30_000 }, async () => {
    const states: string[] = [];
    const start = (announcement: Announcement): MdnsAnnouncer => {
      const announcer = new MdnsAnnouncer(announcement, { clock: systemClock, timers: systemTimers, log: createCallbackLog(() => undefined), port: PORT, onState: (state, host) => states.push(`${announcement.port} ${state} ${host}`) });
      onTestFinished(() => announcer.close());
      return announcer;
    };
    const neighbor = await listenOnMulticast(PORT);
    onTestFinished(() => neighbor.close());
    start(loopback);
    await expect.poll(() => states, { timeout: 10_000 }).toContain('8543 announced box');
    expect(await neighbor.query('_https._tcp.local', 'PTR')).toMatchObject({ answers: [{ data: 'Traywatch on box._https._tcp.local' }] });
    expect(await neighbor.query('box.local', 'A')).toMatchObject({ answers: [{ data: '127.0.0.1' }] });
    // Of another machine, as far as the names tell.
    start({ ...loopback, port: 8544, links: [{ address: '127.0.0.2', prefix: 8, addresses: ['127.0.0.2'] }], ownAddresses: ['127.0.0.2'] });
    await expect.poll(() => states, { timeout: 10_000 }).toContain('8544 announced box-2');
    expect(await neighbor.query('Traywatch on box (2)._https._tcp.local', 'SRV')).toMatchObject({ answers: [{ data: { port: 8544, target: 'box-2.local' } }] });
  });

  it('the server knows the name that is announced: in the Host check and in its certificate', { timeout: 30_000 }, async () => {
    const neighbor = await listenOnMulticast(PORT + 1);
    neighbor.answer('box.local', '127.0.0.99');
    const lan = await openLan({ settings: { mdns: true, tls: 'self-signed' }, mdns: { port: PORT + 1 } });
    onTestFinished(async () => {
      await lan.close();
      neighbor.close();
    });
    await expect.poll(() => lan.states.at(-1), { timeout: 10_000 }).toMatchObject({ mdns: 'announced' });
    await expect.poll(() => lan.log.some(({ message }) => message === 'the certificate was replaced'), { timeout: 10_000 }).toBe(true);
    const created = lan.log.filter(({ message }) => message === 'created a certificate');
    expect(created.at(-1)?.fields).toMatchObject({ reason: 'it is not valid for box-2' });
  });

  it('a renamed host is let in by its new name', { timeout: 30_000 }, async () => {
    const neighbor = await listenOnMulticast(PORT + 2);
    neighbor.answer('box.local', '127.0.0.99');
    const lan = await openLan({ settings: { mdns: true }, mdns: { port: PORT + 2 } });
    onTestFinished(async () => {
      await lan.close();
      neighbor.close();
    });
    const get = async (host: string): Promise<number> => statusOf(await send(lan.port, requestText('GET', '/', { host: `${host}:${lan.port}` })));
    expect(await get('box-2.local')).toBe(421);
    await expect.poll(() => get('box-2.local'), { timeout: 10_000 }).toBe(200);
    expect([await get('box.local'), await get('box-2'), await get('box-3.local')]).toEqual([200, 200, 421]);
  });
});
