/** The event stream of a client: batches, intervals, slow readers, revocation and resuming. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { DEFAULT_LIMITS } from '../../../src/main/lan/server-limits';
import { formatId, parseId } from '../../../src/main/lan/stream/frames';
import { coalesce, toBatch } from '../../../src/main/engine/coalesce';
import { openCore } from '../../support/core';
import { FakeTime } from '../../support/collectors';
import { connect, requestText, statusOf } from '../../support/raw-http';
import type { RawConnection } from '../../support/raw-http';
import { batchOf, openLan } from '../../support/lan-server';
import type { OpenLan, LanOptions } from '../../support/lan-server';

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(options: LanOptions = {}): Promise<OpenLan> {
  const lan = await openLan(options);
  closers.push(() => lan.close());
  return lan;
}

interface OpenStream extends RawConnection {
  /** Events so far. */
  events(): { event: string; id: string; data: unknown }[];
  batches(): SampleBatch[];
}

/** Opens a stream on a raw socket and waits until its head is there. */
async function openStream(lan: OpenLan, query = 'interval=1', headers: Record<string, string> = {}): Promise<OpenStream> {
  const connection = await connect(lan.port);
  closers.push(() => void connection.socket.destroy());
  connection.socket.write(requestText('GET', `/api/stream?${query}`, { host: `127.0.0.1:${lan.port}`, authorization: 'Bearer viewer', ...headers }));
  await connection.until(/\r\n\r\n/);
  const events: OpenStream['events'] = () => {
    // Chunk sizes are between the events.
    const text = connection.text().slice(connection.text().indexOf('\r\n\r\n') + 4);
    return [...text.matchAll(/^event: (.*)\n(?:id: (.*)\n)?data: (.*)\n\n/gm)].map(([, event = '', id = '', data = 'null']) => ({ event, id, data: JSON.parse(data) as unknown }));
  };
  return { ...connection, events, batches: () => events().flatMap(({ event, data }) => (event === 'batch' ? [data as SampleBatch] : [])) };
}

const seqsOf = (batches: readonly SampleBatch[]): number[] => batches.map(({ seq }) => seq);
const until = (stream: OpenStream, seq: number): Promise<void> => stream.until(new RegExp(`"seq":${seq},`));

describe('a client', () => {
  it('gets the snapshot at once, then each batch, with ids', async () => {
    const lan = await open();
    [1, 2].forEach((seq) => lan.hub.publish(batchOf(seq)));
    const client = await openStream(lan);
    await until(client, 2);
    [3, 4].forEach((seq) => lan.hub.publish(batchOf(seq)));
    await until(client, 4);
    expect(client.batches()).toEqual([{ ...batchOf(2), after: 0 }, batchOf(3), batchOf(4)]);
    expect(client.events().map(({ id }) => id)).toEqual(['run1:2:2000', 'run1:3:3000', 'run1:4:4000']);
    expect(client.text()).toMatch(/^content-type: text\/event-stream; charset=utf-8$/im);
    expect(client.text()).toMatch(/^cache-control: no-store, no-transform$/im);
    // nginx would collect the stream otherwise.
    expect(client.text()).toMatch(/^x-accel-buffering: no$/im);
    expect(client.text()).toContain('retry: 2000\n\n');
  });

  it('gets the latest of each family once per interval, with the sequence number it follows', async () => {
    const lan = await open({ settings: { intervalSeconds: 5 } });
    lan.hub.publish(batchOf(1));
    const client = await openStream(lan, '');
    await until(client, 1);
    lan.hub.publish({ ...batchOf(2), gap: 'sleep', faults: { disk: { kind: 'Timeout', message: 'x', since: 1, nextAt: null } } });
    for (let seq = 3; seq <= 12; seq += 1) lan.hub.publish(batchOf(seq));
    await until(client, 12);
    // The group's first batch goes out at once; from then on one in five seconds.
    expect(client.batches().map(({ seq, after, gap }) => ({ seq, after, gap }))).toEqual([
      { seq: 1, after: 0, gap: undefined },
      { seq: 2, after: undefined, gap: 'sleep' },
      { seq: 7, after: 2, gap: undefined },
      { seq: 12, after: 7, gap: undefined },
    ]);
  });

  it('merged batches keep faults, readings of other families, and the first gap reason', () => {
    const first: SampleBatch = { seq: 4, time: 4, gap: 'pause', readings: { disk: { values: { usage: 1 }, devices: {} } }, faults: {} };
    const second: SampleBatch = { seq: 5, time: 5, gap: 'clock', readings: {}, faults: { cpu: { kind: 'Timeout', message: '', since: 1, nextAt: null } } };
    expect(toBatch(coalesce(coalesce(null, first), second))).toEqual({ seq: 5, time: 5, after: 3, gap: 'pause', readings: first.readings, faults: second.faults });
  });

  it('shares the serialized batch with all others', async () => {
    const lan = await open();
    const connections = await Promise.all(Array.from({ length: 10 }, (_, n) => openStream(lan, `interval=1&client=tab${n}`)));
    let serialised = 0;
    const values = { toJSON: () => ({ usage: (serialised += 1) }) };
    lan.hub.publish({ ...batchOf(7), readings: { memory: { values: values as never, devices: {} } } });
    await Promise.all(connections.map((client) => until(client, 7)));
    expect(serialised).toBe(1);
  });

  it('sets its viewed families for as long as its stream lasts', async () => {
    const viewed = new Map<string, readonly string[]>();
    let gone: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const lan = await open({ viewedFamilies: { set: (caller, families) => void viewed.set(caller, families), drop: (caller) => void (viewed.delete(caller) && gone()) } });
    const client = await openStream(lan, 'families=cpu,disk&client=phone');
    expect([...viewed]).toEqual([['lan:viewer:phone', ['cpu', 'disk']]]);
    client.socket.destroy();
    await left;
    expect(viewed.size).toBe(0);
  });

  it.each([
    ['interval=0', 'interval'],
    ['interval=61', 'interval'],
    ['interval=x', 'interval'],
    ['families=nonsense', 'families'],
    ['client=a%20b', 'client'],
    ['nothing=1', 'nothing'],
  ])('is refused with %s, naming the field', async (query, field) => {
    const lan = await open();
    const client = await openStream(lan, query);
    await client.closed;
    expect(statusOf(client.text())).toBe(400);
    expect(client.text()).toContain(field);
  });

  it('gets the events of its role, and no local ones', async () => {
    const lan = await open();
    const client = await openStream(lan);
    lan.lan.push('navigate', { path: '#/cpu' });
    lan.lan.push('lanState', { state: 'off' });
    lan.lan.push('appState', { paused: true, settings: { ...DEFAULT_SETTINGS, lan: { ...DEFAULT_SETTINGS.lan, keyFile: '/home/somebody/key.pem' } }, rules: [], notices: [] });
    await client.until(/event: appState\ndata: .*\n\n/);
    expect(client.events().map(({ event }) => event)).toEqual(['appState']);
    expect(client.text()).not.toContain('somebody');
  });
});

describe('a slow client', () => {
  /** Batches so large that a few fill every buffer between the two ends. */
  const large = (seq: number): SampleBatch => ({
    ...batchOf(seq),
    readings: { memory: { values: { usage: seq }, devices: {}, note: 'x'.repeat(500_000) } },
    faults: { cpu: { kind: 'Timeout', message: `end of ${seq}`, since: 1, nextAt: null } },
  });

  it('gets a gap and the latest state when it reads again, no backlog, and does not delay others', async () => {
    const lan = await open();
    lan.hub.publish(batchOf(1));
    const slow = await openStream(lan, 'interval=1&client=slow');
    const quick = await openStream(lan, 'interval=1&client=quick');
    await until(slow, 1);
    slow.socket.pause();
    for (let seq = 2; seq <= 50; seq += 1) {
      lan.hub.publish(large(seq));
      await quick.until(new RegExp(`end of ${seq}"`));
    }
    lan.lan.push('appState', { paused: false, settings: DEFAULT_SETTINGS, rules: [], notices: [] });
    slow.socket.resume();
    await slow.until(/end of 50"/);
    lan.hub.publish(batchOf(51));
    await Promise.all([until(slow, 51), until(quick, 51)]);
    const seqs = seqsOf(slow.batches());
    expect(seqs.length).toBeLessThan(40);
    const last = seqs.findLast((seq) => seq < 50);
    expect(slow.events().find(({ event }) => event === 'gap')?.data).toEqual({ reason: 'slow', from: (last ?? 0) * 1000, to: 50_000, events: ['appState'] });
    expect(slow.batches().find(({ seq }) => seq === 50)?.after).toBe(0);
    expect(seqs.at(-1)).toBe(51);
    expect(seqsOf(quick.batches())).toEqual(Array.from({ length: 51 }, (_, n) => n + 1));
  });

  it('is dropped after a timeout', async () => {
    const time = new FakeTime();
    const lan = await open({ clock: time, timers: time });
    const slow = await openStream(lan);
    slow.socket.pause();
    for (let seq = 1; seq <= 60; seq += 1) lan.hub.publish(large(seq));
    expect(lan.lan.connections()).toHaveLength(1);
    await time.pass(60_000);
    expect(lan.lan.connections()).toHaveLength(0);
    slow.socket.resume();
    await slow.closed;
  });
});

describe('the stream', () => {
  it('sends heartbeats, and ends after a while so that the client authenticates again', async () => {
    const time = new FakeTime();
    const lan = await open({ clock: time, timers: time });
    const client = await openStream(lan);
    await time.pass(31_000);
    await client.until(/: \n\n/);
    await time.pass(15 * 60_000);
    await client.closed;
    expect(lan.lan.connections()).toEqual([]);
  });

  it('of a revoked identity ends at once, and those of others continue', async () => {
    const lan = await open();
    const [one, other] = [await openStream(lan, 'interval=1', { authorization: 'Bearer viewer1' }), await openStream(lan, 'interval=1', { authorization: 'Bearer viewer2' })];
    expect(lan.lan.connections()).toMatchObject([{ name: 'viewer1', role: 'viewer', isToken: false, interval: 1, address: '127.0.0.1' }, { name: 'viewer2' }]);
    lan.authenticator.revoke('viewer1');
    await one.closed;
    lan.hub.publish(batchOf(1));
    await until(other, 1);
    const again = await openStream(lan, 'interval=1', { authorization: 'Bearer viewer1' });
    expect(statusOf(again.text())).toBe(401);
  });

  it('of the same tab replaces the previous one; too many of one device are refused', async () => {
    const lan = await open({ limits: { ...DEFAULT_LIMITS, streamsPerIdentity: 2 } });
    const first = await openStream(lan, 'client=a');
    await openStream(lan, 'client=a');
    await first.closed;
    expect(lan.lan.connections()).toHaveLength(1);
    await openStream(lan, 'client=b');
    const refused = (await openStream(lan, 'client=c')).text();
    expect(statusOf(refused)).toBe(429);
    expect(refused).toMatch(/retry-after: [1-9]/i);
    expect(statusOf((await openStream(lan, 'client=c', { authorization: 'Bearer viewer2' })).text())).toBe(200);
    expect(lan.states.at(-1)).toMatchObject({ state: 'listening', connections: 3 });
  });

  it('ends when the server stops', async () => {
    const lan = await openLan();
    const client = await openStream(lan);
    await lan.close();
    await client.closed;
    await expect(connect(lan.port)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a resuming client', () => {
  it('gets exactly what it missed from the store, and continues', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-resume-'));
    const core = openCore(folder);
    const lan = await openLan({ snapshot: () => core.hub.snapshot(), subscribe: core.hub.subscribe, since: (time, limit) => core.store.since(time, limit) });
    const at = (seq: number): SampleBatch => batchOf(seq, Date.now() - 1e6 + seq * 1000);
    for (let seq = 1; seq <= 3; seq += 1) core.hub.publish(at(seq));
    const client = await openStream(lan);
    await until(client, 3);
    const position = client.events().at(-1)?.id ?? '';
    client.socket.destroy();
    for (let seq = 4; seq <= 200; seq += 1) core.hub.publish(seq === 50 ? { ...at(seq), readings: {}, faults: { cpu: { kind: 'Timeout', message: 'x', since: 1, nextAt: null } } } : at(seq));
    core.store.commit();
    const back = await openStream(lan, 'interval=1', { 'last-event-id': position });
    await until(back, 200);
    core.hub.publish(at(201));
    await until(back, 201);
    expect(seqsOf(back.batches())).toEqual(Array.from({ length: 198 }, (_, n) => n + 4).filter((seq) => seq !== 50));
    // A batch without values has no row; the next one covers it.
    expect(back.batches().find(({ seq }) => seq === 51)?.after).toBe(49);
    expect(back.batches()[0]?.readings.memory?.values).toMatchObject({ usage: 4, used: null, cached: null });
    expect(back.events().every(({ event }) => event === 'batch')).toBe(true);
    await lan.close();
    core.close();
    rmSync(folder, { recursive: true });
  });

  it('that missed nothing gets nothing twice', async () => {
    const lan = await open();
    lan.hub.publish(batchOf(5));
    const back = await openStream(lan, 'interval=1', { 'last-event-id': 'run1:5:5000' });
    lan.hub.publish(batchOf(6));
    await until(back, 6);
    expect(seqsOf(back.batches())).toEqual([6]);
  });

  it.each([
    ['an earlier run', 'run0:5:5000'],
    ['a position too long ago', 'run1:2:2000'],
    ['a position that never existed', 'run1:77:5000'],
  ])('from %s gets a gap and the latest state', async (_name, id) => {
    const lan = await open();
    for (let seq = 1; seq <= 9; seq += 1) lan.hub.publish(batchOf(seq));
    const back = await openStream(lan, `lastEventId=${id}&interval=1`);
    await until(back, 9);
    expect(back.events().map(({ event, data }) => [event, data])).toEqual([
      ['gap', { reason: 'away', from: parseId(id)?.time, to: 9000, events: [] }],
      ['batch', { ...batchOf(9), after: 0 }],
    ]);
  });

  it('with an invalid position starts with the snapshot', async () => {
    const lan = await open();
    lan.hub.publish(batchOf(1));
    const back = await openStream(lan, 'interval=1', { 'last-event-id': 'a:b:c' });
    await until(back, 1);
    expect(seqsOf(back.batches())).toEqual([1]);
    expect(parseId(formatId({ runId: 'r', seq: 1, time: 2 }))).toEqual({ runId: 'r', seq: 1, time: 2 });
    for (const id of ['', 'r:1', 'r:1:2:3', 'r:-1:2', `r:${'9'.repeat(16)}:1`]) expect(parseId(id)).toBeNull();
  });
});
