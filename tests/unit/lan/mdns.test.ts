/** Announcing by multicast DNS: what is sent, names that are taken, sockets that fail late. Real sockets are in mdns-sockets.test.ts. */
import { decode, encode } from 'dns-packet';
import type { Packet } from 'dns-packet';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Announcement, MdnsParts, MdnsState } from '../../../src/main/lan/mdns/announcement';
import { losesAgainst, renamed } from '../../../src/main/lan/mdns/conflict';
import { MdnsAnnouncer } from '../../../src/main/lan/mdns/mdns';
import { recordsOf, toLabel } from '../../../src/main/lan/mdns/records';
import type { MdnsSocketEvents, MdnsSockets } from '../../../src/main/lan/mdns/sockets';
import { FakeTime } from '../../support/collectors';
import { createCallbackLog } from '../../support/log';

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
    for (const packet of sent.slice()) hear(packet, '192.168.1.5');
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
    const probeOf = (address: string): Packet => ({ type: 'query', authorities: recordsOf(what, what, [address]).filter(({ flush }) => flush === true) });
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
