/** Announcing by multicast DNS: over real sockets on loopback, and over sockets that fail late. */
import { decode, encode } from 'dns-packet';
import type { Answer, Packet } from 'dns-packet';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock, systemTimers } from '../../../src/main/engine/clock';
import type { Announcement, MdnsParts, MdnsState } from '../../../src/main/lan/mdns/announcement';
import { announcementOf } from '../../../src/main/lan/mdns/announcement';
import { losesAgainst, renamed } from '../../../src/main/lan/mdns/conflict';
import { isOnLink, linksOf } from '../../../src/main/lan/mdns/links';
import { MdnsAnnouncer } from '../../../src/main/lan/mdns/mdns';
import { recordsOf, toLabel } from '../../../src/main/lan/mdns/records';
import type { MdnsSocketEvents, MdnsSockets } from '../../../src/main/lan/mdns/sockets';
import { FakeTime } from '../../support/collectors';
import { createCallbackLog } from '../../support/log';
import { openLan } from '../../support/lan-server';
import { requestText, send, statusOf } from '../../support/raw-http';
import { listenOnMulticast } from '../../support/multicast';

const LINK = { address: '192.168.1.5', prefix: 24, addresses: ['192.168.1.5', 'fd00::5'] };
const what: Announcement = { host: 'box', instance: 'Traywatch on box', scheme: 'https', port: 8543, links: [LINK], ownAddresses: ['127.0.0.1', '192.168.1.5', 'fd00::5', '10.0.0.5'] };

/** An announcer over a network that the test plays. */
async function announceOver({ refuseOpen = 0, ...odd }: { refuseOpen?: number } & Partial<Pick<MdnsSockets, 'send' | 'close'>> = {}) {
  const time = new FakeTime();
  const sent: Packet[] = [];
  const states: string[] = [];
  const log: string[] = [];
  const network: { events: MdnsSocketEvents | null; refuse: Error | null; refuseOpen: number; open: number } = { events: null, refuse: null, refuseOpen, open: 0 };
  const parts: MdnsParts = {
    clock: time,
    timers: time,
    log: createCallbackLog(({ level, message }) => log.push(`${level} ${message}`)),
    onState: (state: MdnsState, host: string) => states.push(`${state} ${host}`),
    random: () => 0,
    openSockets: (links, events) => {
      if (network.refuseOpen > 0) {
        network.refuseOpen -= 1;
        return Promise.reject(new Error('EPERM'));
      }
      network.events = events;
      network.open += 1;
      return Promise.resolve({
        links,
        send: (_link, bytes) => {
          if (network.refuse !== null) return Promise.reject(network.refuse);
          sent.push(decode(bytes));
          return Promise.resolve();
        },
        close: () => {
          network.open -= 1;
          return Promise.resolve();
        },
        ...odd,
      });
    },
  };
  const announcer = new MdnsAnnouncer(what, parts);
  const hear = (packet: Packet, address = '192.168.1.77', port = 5353): void => network.events?.onMessage({ bytes: encode(packet), address, port });
  const claim = (name: string, data: string, ttl = 120): Packet => ({ type: 'response', answers: [{ name, type: 'A', ttl, data, flush: true }] });
  // The sockets are open.
  await time.pass(0);
  return { announcer, time, sent, states, log, network, hear, claim };
}

const responses = (sent: readonly Packet[]): Packet[] => sent.filter(({ type }) => type === 'response');
const namesIn = (packet: Packet | undefined): string[] => (packet?.answers ?? []).map(({ name, type }) => `${type} ${name}`);

describe('an announcement', () => {
  it('probes three times, then sends its records twice, and withdraws them at the end', async () => {
    const { announcer, time, sent, states, network } = await announceOver();
    await time.pass(700);
    expect(sent.map(({ type, questions, authorities }) => [type, questions?.map(({ name }) => name), authorities?.length])).toEqual(Array.from({ length: 3 }, () => ['query', ['box.local', 'Traywatch on box._https._tcp.local'], 4]));
    expect(states).toEqual(['announcing box']);
    await time.pass(2000);
    expect(states).toEqual(['announcing box', 'announced box']);
    const all = ['PTR _services._dns-sd._udp.local', 'PTR _https._tcp.local', 'SRV Traywatch on box._https._tcp.local', 'TXT Traywatch on box._https._tcp.local', 'A box.local', 'AAAA box.local'];
    expect(responses(sent).map(namesIn)).toEqual([all, all]);
    expect(responses(sent)[0]?.answers?.[2]).toMatchObject({ data: { port: 8543, target: 'box.local' }, flush: true });
    await announcer.close();
    expect(responses(sent).at(-1)?.answers?.map((answer) => 'ttl' in answer && answer.ttl)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(network.open).toBe(0);
    await time.pass(100_000);
    expect(sent).toHaveLength(6);
  });

  it('answers questions for its names, no others, and not what the asker knows or was just told', async () => {
    const { time, sent, hear } = await announceOver();
    await time.pass(5000);
    sent.length = 0;
    const ask = async (questions: Packet['questions'], more: Packet = {}): Promise<Packet[]> => {
      const before = sent.length;
      hear({ type: 'query', questions, ...more });
      await time.pass(200);
      return sent.slice(before);
    };
    expect(await ask([{ name: 'other.local', type: 'A' }])).toEqual([]);
    const [host] = await ask([{ name: 'BOX.local', type: 'A' }]);
    expect(namesIn(host)).toEqual(['A box.local']);
    expect(await ask([{ name: 'box.local', type: 'A' }])).toEqual([]);
    const [service] = await ask([{ name: '_https._tcp.local', type: 'PTR' }]);
    expect(namesIn(service)).toEqual(['PTR _https._tcp.local']);
    expect(service?.additionals?.map(({ type }) => type)).toEqual(['SRV', 'TXT', 'A', 'AAAA']);
    await time.pass(2000);
    expect(await ask([{ name: '_https._tcp.local', type: 'PTR' }], { answers: [{ name: '_https._tcp.local', type: 'PTR', ttl: 4000, data: 'Traywatch on box._https._tcp.local' }] })).toEqual([]);
    expect(await ask([{ name: '_https._tcp.local', type: 'PTR' }], { answers: [{ name: '_https._tcp.local', type: 'PTR', ttl: 100, data: 'Traywatch on box._https._tcp.local' }] })).toHaveLength(1);
  });

  it('defends its names against probes', async () => {
    const { time, sent, hear } = await announceOver();
    await time.pass(5000);
    sent.length = 0;
    hear({ type: 'query', questions: [{ name: 'box.local', type: 'ANY' as 'A' }], authorities: [{ name: 'box.local', type: 'A', ttl: 120, data: '192.168.1.77' }] });
    expect(namesIn(sent[0])).toEqual(['A box.local', 'AAAA box.local']);
  });

  it('answers a client without multicast DNS by itself: its id, its question, a short life', async () => {
    const { time, sent, hear } = await announceOver();
    await time.pass(5000);
    sent.length = 0;
    hear({ type: 'query', id: 77, questions: [{ name: 'box.local', type: 'A' }] }, '192.168.1.9', 40_000);
    expect(sent[0]).toMatchObject({ id: 77, questions: [{ name: 'box.local' }], answers: [{ ttl: 10, flush: false }] });
  });

  it('ignores what does not come from the network, and what is no message', async () => {
    const { time, sent, states, hear, claim, network } = await announceOver();
    await time.pass(5000);
    sent.length = 0;
    hear({ type: 'query', questions: [{ name: 'box.local', type: 'A' }] }, '203.0.113.9');
    hear(claim('box.local', '203.0.113.9'), '203.0.113.9');
    hear(claim('box.local', '192.168.1.77'), '192.168.1.77', 40_000);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => network.events?.onMessage({ bytes: Buffer.from(bytes), address: '192.168.1.77', port: 5353 })));
    await time.pass(5000);
    expect(responses(sent)).toEqual([]);
    expect(states.at(-1)).toBe('announced box');
  });
});

describe('a name that is taken', () => {
  it('of the host is replaced by one with a number', async () => {
    const { time, states, sent, hear, claim } = await announceOver();
    await time.pass(100);
    hear(claim('Box.local', '192.168.1.77'));
    await time.pass(300);
    hear(claim('box-2.local', '192.168.1.78'));
    await time.pass(5000);
    expect(states).toEqual(['announcing box', 'announced box-3']);
    expect(responses(sent)[0]?.answers?.find(({ type }) => type === 'SRV')).toMatchObject({ name: 'Traywatch on box._https._tcp.local', data: { target: 'box-3.local' } });
  });

  it('of the service is replaced by one with a number in parentheses', async () => {
    const { time, states, sent, hear } = await announceOver();
    await time.pass(100);
    hear({ type: 'response', answers: [{ name: 'traywatch on box._https._tcp.local', type: 'SRV', ttl: 120, data: { port: 9000, target: 'box.local' } }] });
    await time.pass(5000);
    expect(states.at(-1)).toBe('announced box');
    expect(namesIn(responses(sent)[0])).toContain('SRV Traywatch on box (2)._https._tcp.local');
  });

  it('is none where another responder of this machine announces its host, or its message comes back', async () => {
    const { time, states, sent, hear, claim } = await announceOver();
    await time.pass(100);
    hear(claim('box.local', '192.168.1.5'), '192.168.1.5');
    hear(claim('box.local', '10.0.0.5'), '192.168.1.5');
    hear({ type: 'response', answers: [{ name: 'box.local', type: 'AAAA', ttl: 120, data: 'fd00:0:0:0:0:0:0:5' }] }, '192.168.1.5');
    await time.pass(5000);
    for (const packet of [...sent]) hear(packet, '192.168.1.5');
    await time.pass(5000);
    expect(states).toEqual(['announcing box', 'announced box']);
  });

  it('later is asked for again, and kept if nobody answers', async () => {
    const { time, states, hear, claim } = await announceOver();
    await time.pass(5000);
    hear(claim('box.local', '192.168.1.77'));
    await time.pass(5000);
    expect(states).toEqual(['announcing box', 'announced box', 'announcing box', 'announced box']);
    hear(claim('box.local', '192.168.1.77', 0));
    expect(states).toHaveLength(4);
    hear(claim('box.local', '192.168.1.77'));
    await time.pass(100);
    hear(claim('box.local', '192.168.1.77'));
    await time.pass(5000);
    expect(states.at(-1)).toBe('announced box-2');
  });

  it('every time is given up for now, instead of trying names for ever', async () => {
    const { time, states, log, hear, claim } = await announceOver();
    for (let count = 0; count < 40; count += 1) {
      await time.pass(300);
      for (const name of ['box', ...Array.from({ length: 20 }, (_, at) => `box-${at + 2}`)]) hear(claim(`${name}.local`, '192.168.1.77'));
      if (states.includes('failed box')) break;
    }
    expect(states).toEqual(['announcing box', 'failed box']);
    expect(log.filter((line) => line.startsWith('warn'))).toEqual(['warn the server is not announced on the LAN']);
    await time.pass(10_000);
    expect(states.slice(2)).toEqual(['announcing box', 'announced box']);
  });

  it('by a probe at the same time goes to the one with the later data', () => {
    const claimOf = (address: string) => ({ names: what, service: what, records: recordsOf(what, what, [address]), ownAddresses: new Set<string>() });
    const probeOf = (address: string): Packet => ({ type: 'query', authorities: recordsOf(what, what, [address]).filter(({ flush }) => flush === true) as Answer[] });
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
        const lost = [losesAgainst(probeOf(other), claimOf(one)), losesAgainst(probeOf(one), claimOf(other))];
        expect(lost.filter(Boolean)).toHaveLength(one === other ? 0 : 1);
      }),
    );
  });

  it('is followed by one that fits into a label, whatever the base', () => {
    const label = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }).map((text) => toLabel(text));
    fc.assert(
      fc.property(label, fc.constantFrom('host' as const, 'instance' as const), (text, contested) => {
        const base = { host: text, instance: text };
        const second = renamed(base, base, contested);
        const third = renamed(base, second, contested);
        expect(new Set([text, second[contested], third[contested]]).size).toBe(3);
        for (const name of [second[contested], third[contested]]) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      }),
    );
  });
});

describe('a network that fails', () => {
  it('at the beginning is tried again after a pause', async () => {
    const { time, states, log } = await announceOver({ refuseOpen: 2 });
    await time.pass(0);
    expect(states).toEqual(['announcing box', 'failed box']);
    await time.pass(5000);
    await time.pass(40_000);
    expect(states).toEqual(['announcing box', 'failed box', 'announcing box', 'failed box', 'announcing box', 'announced box']);
    expect(log).toHaveLength(1);
  });

  it('late, in a socket or while sending, changes the state and nothing else', async () => {
    const { time, states, network } = await announceOver();
    await time.pass(5000);
    network.events?.onFailed(new Error('ENETDOWN'));
    expect(states.at(-1)).toBe('failed box');
    await time.pass(10_000);
    expect(states.at(-1)).toBe('announced box');
    network.refuse = new Error('ENETUNREACH');
    network.events?.onMessage({ bytes: encode({ type: 'query', questions: [{ name: 'box.local', type: 'A' }] }), address: '192.168.1.9', port: 5353 });
    await time.pass(0);
    expect(states.at(-1)).toBe('failed box');
    network.refuse = null;
    await time.pass(60_000);
    expect(states.at(-1)).toBe('announced box');
    expect(network.open).toBe(1);
  });

  it('in ways that sockets should not, changes the state and nothing else', async () => {
    const thrown = (): never => {
      throw new Error('assertion failed');
    };
    const { announcer, time, states } = await announceOver({ send: thrown, close: thrown });
    await time.pass(4000);
    expect(states).toEqual(['announcing box', 'failed box']);
    await time.pass(2000);
    expect(states.slice(2)).toEqual(['announcing box', 'failed box']);
    await announcer.close();
  });

  it('with other addresses is announced anew', async () => {
    const { announcer, time, sent, states } = await announceOver();
    await time.pass(5000);
    announcer.update(what);
    expect(states).toHaveLength(2);
    announcer.update({ ...what, links: [{ address: '192.168.1.6', prefix: 24, addresses: ['192.168.1.6'] }] });
    await time.pass(0);
    await time.pass(5000);
    expect(states.slice(2)).toEqual(['announcing box', 'announced box']);
    expect(responses(sent).at(-1)?.answers?.at(-1)).toMatchObject({ data: '192.168.1.6' });
  });

  it('twenty times in twenty seconds is announced in the end, with one set of sockets', async () => {
    const { announcer, time, states, network } = await announceOver();
    for (let count = 0; count < 20; count += 1) {
      network.events?.onFailed(new Error('ENODEV'));
      announcer.update(count % 2 === 0 ? { ...what, links: [] } : what);
      await time.pass(1000);
    }
    await time.pass(300_000);
    expect(states.at(-1)).toBe('announced box');
    expect(network.open).toBe(1);
    await announcer.close();
    expect(network.open).toBe(0);
  });
});

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
    expect(['192.168.1.200', '192.168.2.1', 'fe80::1', '8.8.8.8'].map((sender) => isOnLink(LINK, sender))).toEqual([true, false, false, false]);
  });
});

describe('over real sockets on loopback', () => {
  const PORT = 15_353;
  const loopback = { ...what, links: [{ address: '127.0.0.1', prefix: 8, addresses: ['127.0.0.1'] }], ownAddresses: ['127.0.0.1'] };

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
