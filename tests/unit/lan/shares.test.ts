/** What some clients hold or send must not keep others out: one account with many browsers, many networks, strangers that never read. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Authenticator, ClientIdentity } from '../../../src/main/access/identity';
import { systemTimers } from '../../../src/main/engine/clock';
import type { Clock, Timers } from '../../../src/main/engine/clock';
import { TURN_WAIT } from '../../../src/main/lan/stream/resume-turns';
import { DEFAULT_LIMITS } from '../../../src/main/lan/server-limits';
import { openLan } from '../../support/lan-server';
import type { LanOptions, OpenLan } from '../../support/lan-server';
import { connect, requestText, send, statusOf } from '../../support/raw-http';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A token `eva-1` is the first browser of the account eva, `phone` a paired one. */
const accounts: Authenticator = {
  authenticate: ({ authorization = '' }) => {
    const id = authorization.replace('Bearer ', '');
    const [account, browser] = id.split('-');
    const identity: ClientIdentity = { id, name: id, role: 'viewer', scopes: null, ...(browser === undefined ? {} : { account: account ?? '' }) };
    return Promise.resolve(id === '' ? null : identity);
  },
  onRevoked: () => () => undefined,
};

/** A server behind a proxy on this machine, so that clients may have any address. */
async function open(options: LanOptions = {}): Promise<OpenLan> {
  const lan = await openLan({ authenticator: accounts, ...options, settings: { trustedProxies: ['127.0.0.1'], publicUrls: ['https://monitor.example'] } });
  closers.push(() => lan.close());
  return lan;
}

const textOf = (address: string, token: string, target = '/api/metrics'): string =>
  requestText('GET', target, { host: 'monitor.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': address, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) });

/** A clock that only moves when told. */
function standing(): Clock & { wall: number; passed: number } {
  const clock = { wall: Date.UTC(2036, 0, 1), passed: 0, now: () => clock.wall, mono: () => clock.passed, boot: () => clock.passed };
  return clock;
}

describe('requests', () => {
  it('are counted by running time: a clock that was years ahead and is put right shuts nobody out', async () => {
    const clock = standing();
    const lan = await open({ clock, limits: { ...DEFAULT_LIMITS, requestsPerAddress: 4, requests: 6 } });
    const ask = async (address: string): Promise<number> => statusOf(await send(lan.port, textOf(address, 'phone')));
    for (let at = 0; at < 4; at += 1) expect(await ask('10.0.0.1')).toBe(200);
    expect(await ask('10.0.0.1')).toBe(429);
    clock.wall = Date.UTC(2026, 10, 1);
    clock.passed += 60_000;
    for (let at = 0; at < 4; at += 1) expect(await ask('10.0.0.1')).toBe(200);
  });

  it('of one account are counted together, from whatever network and browser', async () => {
    const lan = await open({ clock: standing(), limits: { ...DEFAULT_LIMITS, requestsPerIdentity: 12 } });
    const answers: string[] = [];
    for (let at = 0; at < 16; at += 1) answers.push(await send(lan.port, textOf(`2001:db8:0:${at.toString(16)}::1`, `eva-${at % 5}`)));
    expect(answers.map(statusOf)).toEqual([...Array.from({ length: 12 }, () => 200), 429, 429, 429, 429]);
    expect(answers.at(-1)).toMatch(/retry-after: [1-9]/i);
    expect(statusOf(await send(lan.port, textOf('2001:db8:0:1::2', 'phone')))).toBe(200);
  });

  it('of a network that sends few are served although others have used up what is for all', async () => {
    const lan = await open({ clock: standing(), limits: { ...DEFAULT_LIMITS, requests: 20, requestsPerAddress: 10, fairRequests: 3 } });
    for (const address of ['10.0.0.1', '10.0.0.2']) for (let at = 0; at < 10; at += 1) expect(statusOf(await send(lan.port, textOf(address, 'phone')))).toBe(200);
    const mine = async (): Promise<string> => send(lan.port, textOf('10.0.0.3', 'laptop'));
    expect([await mine(), await mine(), await mine()].map(statusOf)).toEqual([200, 200, 200]);
    const refused = await mine();
    expect([statusOf(refused), /retry-after: [1-9]/i.test(refused)]).toEqual([429, true]);
  });
});

describe('answers that are never read', () => {
  /** More than the system's own buffers take. */
  const BIG = 24 * 1024 * 1024;

  it('of strangers leave places for those who are signed in, and for a newcomer', async () => {
    const pages = mkdtempSync(path.join(tmpdir(), 'traywatch-big-'));
    closers.push(() => rmSync(pages, { recursive: true }));
    mkdirSync(path.join(pages, 'assets'));
    writeFileSync(path.join(pages, 'index.html'), '<!doctype html><title>Traywatch</title>');
    writeFileSync(path.join(pages, 'assets', 'big-a1b2c3d4.js'), Buffer.alloc(BIG, 32));
    const lan = await open({ pages, limits: { ...DEFAULT_LIMITS, answers: 24, answersPerIdentity: 6, answersPerNetwork: 6 } });
    const grab = async (address: string): Promise<void> => {
      const connection = await connect(lan.port);
      closers.push(() => connection.socket.destroy());
      connection.socket.write(textOf(address, '', '/assets/big-a1b2c3d4.js'));
      await connection.until(/\r\n\r\n/);
      connection.socket.pause();
    };
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']) for (let at = 0; at < 7; at += 1) await grab(address);
    expect(statusOf(await send(lan.port, textOf('10.0.0.1', '', '/')))).toBe(429);
    expect(statusOf(await send(lan.port, textOf('10.0.0.9', '', '/')))).toBe(200);
    expect(statusOf(await send(lan.port, textOf('10.0.0.1', 'phone')))).toBe(200);
  });

  it('of one account count together', async () => {
    let finish: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const lan = await open({ limits: { ...DEFAULT_LIMITS, answersPerIdentity: 3 }, wrap: (base) => ({ ...base, gaps: () => done.then(() => []) }) });
    const answers = Array.from({ length: 5 }, (_, at) => send(lan.port, textOf('10.0.0.1', `eva-${at}`, '/api/gaps?from=0&to=1')));
    expect(statusOf(await Promise.race(answers))).toBe(429);
    expect(statusOf(await send(lan.port, textOf('10.0.0.1', 'phone')))).toBe(200);
    finish();
    expect((await Promise.all(answers)).map(statusOf).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 429, 429]);
  });
});

describe('streams that resume and are never read', () => {
  const batch = (seq: number) => ({ seq, time: seq * 1000, readings: { memory: { values: { usage: 1, total: 1, used: null }, devices: {} } }, faults: {} });

  it('keep another client from its missed batches for a bounded time, and not from the latest state', async () => {
    // A row as large as that of a machine with thousands of devices.
    const values = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`disk.usage@/${'m'.repeat(1500)}${at}`, 1]));
    const timers: Timers = { after: (ms, task) => systemTimers.after(ms === TURN_WAIT ? 1 : ms, task) };
    const lan = await open({ timers, since: (time) => ({ rows: Array.from({ length: 200 - time / 1000 }, (_, at) => ({ time: time + (at + 1) * 1000, values })), complete: true }) });
    for (let seq = 1; seq <= 200; seq += 1) lan.hub.publish(batch(seq));
    const resume = async (token: string) => {
      const connection = await connect(lan.port);
      closers.push(() => connection.socket.destroy());
      connection.socket.write(requestText('GET', '/api/stream?interval=1', { host: 'monitor.example', 'x-forwarded-proto': 'https', authorization: `Bearer ${token}`, 'last-event-id': 'run1:1:1000' }));
      await connection.until(/\r\n\r\n/);
      return connection;
    };
    for (let at = 0; at < 8; at += 1) (await resume(`token${at}`)).socket.pause();
    const mine = await resume('phone');
    await mine.until(/event: gap/);
    await mine.until(/id: run1:200:/);
    lan.hub.publish(batch(201));
    await mine.until(/id: run1:201:/);
    expect(mine.text()).not.toContain('id: run1:2:');
  }, 30_000);
});
