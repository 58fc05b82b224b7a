import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { DEFAULT_LIMITS } from '../../../src/main/lan/server-limits';
import { formatId, parseId } from '../../../src/main/lan/stream/frames';
import { coalesce, toBatch } from '../../../src/main/lan/stream/coalesce';
import { openCore } from '../../support/core';
import { FakeTime } from '../../support/collectors';
import { connect, requestText, statusOf } from '../../support/raw-http';
import type { RawConnection } from '../../support/raw-http';
import { batchOf, openLan } from '../../support/lan-server';
import type { OpenLan, Wishes } from '../../support/lan-server';

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(wishes: Wishes = {}): Promise<OpenLan> {
  const lan = await openLan(wishes);
  closers.push(() => lan.close());
  return lan;
}

interface Watching extends RawConnection {
  /** Events so far. */
  events(): { event: string; id: string; data: unknown }[];
  batches(): SampleBatch[];
}

/** Opens a stream on a raw socket and waits until its head is there. */
async function watch(lan: OpenLan, query = 'interval=1', headers: Record<string, string> = {}): Promise<Watching> {
  const connection = await connect(lan.port);
  closers.push(() => void connection.socket.destroy());
  connection.socket.write(requestText('GET', `/api/stream?${query}`, { host: `127.0.0.1:${lan.port}`, authorization: 'Bearer viewer', ...headers }));
  await connection.until(/\r\n\r\n/);
  const events: Watching['events'] = () => {
    // Chunk sizes stand between the events.
    const text = connection.text().slice(connection.text().indexOf('\r\n\r\n') + 4);
    return [...text.matchAll(/^event: (.*)\n(?:id: (.*)\n)?data: (.*)\n\n/gm)].map(([, event = '', id = '', data = 'null']) => ({ event, id, data: JSON.parse(data) as unknown }));
  };
  return { ...connection, events, batches: () => events().flatMap(({ event, data }) => (event === 'batch' ? [data as SampleBatch] : [])) };
}

const seqsOf = (batches: readonly SampleBatch[]): number[] => batches.map(({ seq }) => seq);
const until = (watching: Watching, seq: number): Promise<void> => watching.until(new RegExp(`"seq":${seq},`));

describe('a viewer', () => {
  it('gets everything known at once, then each batch, with ids', async () => {
    const lan = await open();
    [1, 2].forEach((seq) => lan.hub.publish(batchOf(seq)));
    const viewer = await watch(lan);
    await until(viewer, 2);
    [3, 4].forEach((seq) => lan.hub.publish(batchOf(seq)));
    await until(viewer, 4);
    expect(viewer.batches()).toEqual([{ ...batchOf(2), after: 0 }, batchOf(3), batchOf(4)]);
    expect(viewer.events().map(({ id }) => id)).toEqual(['run1:2:2000', 'run1:3:3000', 'run1:4:4000']);
    expect(viewer.text()).toMatch(/^content-type: text\/event-stream; charset=utf-8$/im);
    expect(viewer.text()).toMatch(/^cache-control: no-store$/im);
    expect(viewer.text()).toContain('retry: 2000\n\n');
  });

  it('gets the latest of each family once per interval, and is told what a batch stands for', async () => {
    const lan = await open({ settings: { intervalSeconds: 5 } });
    lan.hub.publish(batchOf(1));
    const viewer = await watch(lan, '');
    await until(viewer, 1);
    lan.hub.publish({ ...batchOf(2), gap: 'sleep', faults: { disk: { kind: 'Timeout', message: 'x' } } });
    for (let seq = 3; seq <= 12; seq += 1) lan.hub.publish(batchOf(seq));
    await until(viewer, 12);
    // The group's first batch goes out at once; from then on one in five seconds.
    expect(viewer.batches().map(({ seq, after, gap }) => ({ seq, after, gap }))).toEqual([
      { seq: 1, after: 0, gap: undefined },
      { seq: 2, after: undefined, gap: 'sleep' },
      { seq: 7, after: 2, gap: undefined },
      { seq: 12, after: 7, gap: undefined },
    ]);
  });

  it('folds keep faults and readings of other families, and the first reason of a hole', () => {
    const first: SampleBatch = { seq: 4, time: 4, gap: 'pause', readings: { disk: { values: { usage: 1 }, devices: {} } }, faults: {} };
    const second: SampleBatch = { seq: 5, time: 5, gap: 'clock', readings: {}, faults: { cpu: { kind: 'Timeout', message: '' } } };
    expect(toBatch(coalesce(coalesce(null, first), second))).toEqual({ seq: 5, time: 5, after: 3, gap: 'pause', readings: first.readings, faults: second.faults });
  });

  it('shares one serialisation with all others', async () => {
    const lan = await open();
    const connections = await Promise.all(Array.from({ length: 10 }, (_, n) => watch(lan, `interval=1&client=tab${n}`)));
    let serialised = 0;
    const values = { toJSON: () => ({ usage: (serialised += 1) }) };
    lan.hub.publish({ ...batchOf(7), readings: { memory: { values: values as never, devices: {} } } });
    await Promise.all(connections.map((viewer) => until(viewer, 7)));
    expect(serialised).toBe(1);
  });

  it('is told which families it watches for as long as its stream lasts', async () => {
    const wishes = new Map<string, readonly string[]>();
    let gone: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const lan = await open({ viewedFamilies: { set: (caller, families) => void wishes.set(caller, families), drop: (caller) => void (wishes.delete(caller) && gone()) } });
    const viewer = await watch(lan, 'families=cpu,disk&client=phone');
    expect([...wishes]).toEqual([['lan:viewer:phone', ['cpu', 'disk']]]);
    viewer.socket.destroy();
    await left;
    expect(wishes.size).toBe(0);
  });

  it.each([
    ['interval=0', 'interval'],
    ['interval=61', 'interval'],
    ['interval=x', 'interval'],
    ['families=nonsense', 'families'],
    ['client=a%20b', 'client'],
    ['nothing=1', 'nothing'],
  ])('is refused %s with the field named', async (query, field) => {
    const lan = await open();
    const viewer = await watch(lan, query);
    await viewer.closed;
    expect(statusOf(viewer.text())).toBe(400);
    expect(viewer.text()).toContain(field);
  });

  it('hears what its role may, without what is for the desktop alone', async () => {
    const lan = await open();
    const viewer = await watch(lan);
    lan.lan.push('navigate', { path: '#/cpu' });
    lan.lan.push('lanState', { state: 'off' });
    lan.lan.push('appState', { paused: true, settings: { ...DEFAULT_SETTINGS, lan: { ...DEFAULT_SETTINGS.lan, keyFile: '/home/somebody/key.pem' } }, notices: [] });
    await viewer.until(/event: appState\ndata: .*\n\n/);
    expect(viewer.events().map(({ event }) => event)).toEqual(['appState']);
    expect(viewer.text()).not.toContain('somebody');
  });
});

describe('who does not read', () => {
  /** Batches so large that a few fill every buffer between the two ends. */
  const large = (seq: number): SampleBatch => ({
    ...batchOf(seq),
    readings: { memory: { values: { usage: seq }, devices: {}, note: 'x'.repeat(500_000) } },
    faults: { cpu: { kind: 'Timeout', message: `end of ${seq}` } },
  });

  it('gets a gap and the latest state when it reads again, no backlog, and holds nobody up', async () => {
    const lan = await open();
    lan.hub.publish(batchOf(1));
    const slow = await watch(lan, 'interval=1&client=slow');
    const quick = await watch(lan, 'interval=1&client=quick');
    await until(slow, 1);
    slow.socket.pause();
    for (let seq = 2; seq <= 50; seq += 1) {
      lan.hub.publish(large(seq));
      await quick.until(new RegExp(`end of ${seq}"`));
    }
    lan.lan.push('appState', { paused: false, settings: DEFAULT_SETTINGS, notices: [] });
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

  it('is dropped after a while', async () => {
    const time = new FakeTime();
    const lan = await open({ clock: time, timers: time });
    const slow = await watch(lan);
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
  it('sends a sign of life to who hears nothing else, and ends at last so that the viewer proves itself again', async () => {
    const time = new FakeTime();
    const lan = await open({ clock: time, timers: time });
    const viewer = await watch(lan);
    await time.pass(31_000);
    await viewer.until(/: \n\n/);
    await time.pass(15 * 60_000);
    await viewer.closed;
    expect(lan.lan.connections()).toEqual([]);
  });

  it('of somebody who is revoked ends at once, and that of others goes on', async () => {
    const lan = await open();
    const [one, other] = [await watch(lan, 'interval=1', { authorization: 'Bearer viewer1' }), await watch(lan, 'interval=1', { authorization: 'Bearer viewer2' })];
    expect(lan.lan.connections()).toMatchObject([{ name: 'viewer1', role: 'viewer', isToken: false, interval: 1, address: '127.0.0.1' }, { name: 'viewer2' }]);
    lan.doorman.revoke('viewer1');
    await one.closed;
    lan.hub.publish(batchOf(1));
    await until(other, 1);
    const again = await watch(lan, 'interval=1', { authorization: 'Bearer viewer1' });
    expect(statusOf(again.text())).toBe(401);
  });

  it('of the same tab replaces the one before; too many of one device are refused', async () => {
    const lan = await open({ limits: { ...DEFAULT_LIMITS, streamsPerIdentity: 2 } });
    const first = await watch(lan, 'client=a');
    await watch(lan, 'client=a');
    await first.closed;
    expect(lan.lan.connections()).toHaveLength(1);
    await watch(lan, 'client=b');
    expect(statusOf((await watch(lan, 'client=c')).text())).toBe(429);
    expect(statusOf((await watch(lan, 'client=c', { authorization: 'Bearer viewer2' })).text())).toBe(200);
    expect(lan.states.at(-1)).toMatchObject({ state: 'listening', connections: 3 });
  });

  it('ends when the server stops', async () => {
    const lan = await openLan();
    const viewer = await watch(lan);
    await lan.close();
    await viewer.closed;
    await expect(connect(lan.port)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a viewer that comes back', () => {
  it('gets from the store exactly what it missed, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-resume-'));
    const core = openCore(folder);
    const lan = await openLan({ snapshot: () => core.hub.snapshot(), subscribe: core.hub.subscribe, since: (time, limit) => core.store.since(time, limit) });
    const at = (seq: number): SampleBatch => batchOf(seq, Date.now() - 1e6 + seq * 1000);
    for (let seq = 1; seq <= 3; seq += 1) core.hub.publish(at(seq));
    const viewer = await watch(lan);
    await until(viewer, 3);
    const position = viewer.events().at(-1)?.id ?? '';
    viewer.socket.destroy();
    for (let seq = 4; seq <= 200; seq += 1) core.hub.publish(seq === 50 ? { ...at(seq), readings: {}, faults: { cpu: { kind: 'Timeout', message: 'x' } } } : at(seq));
    core.store.commit();
    const back = await watch(lan, 'interval=1', { 'last-event-id': position });
    await until(back, 200);
    core.hub.publish(at(201));
    await until(back, 201);
    expect(seqsOf(back.batches())).toEqual(Array.from({ length: 198 }, (_, n) => n + 4).filter((seq) => seq !== 50));
    // What had no values has no row: the next one stands for it.
    expect(back.batches().find(({ seq }) => seq === 51)?.after).toBe(49);
    expect(back.batches()[0]?.readings.memory?.values).toMatchObject({ usage: 4, used: null, cached: null });
    expect(back.events().every(({ event }) => event === 'batch')).toBe(true);
    await lan.close();
    core.close();
    rmSync(folder, { recursive: true });
  });

  it('has missed nothing, and gets nothing twice', async () => {
    const lan = await open();
    lan.hub.publish(batchOf(5));
    const back = await watch(lan, 'interval=1', { 'last-event-id': 'run1:5:5000' });
    lan.hub.publish(batchOf(6));
    await until(back, 6);
    expect(seqsOf(back.batches())).toEqual([6]);
  });

  it.each([
    ['an earlier run', 'run0:5:5000'],
    ['a place too long ago', 'run1:2:2000'],
    ['a place that never was', 'run1:77:5000'],
  ])('from %s is told of the gap and gets the latest state', async (_name, id) => {
    const lan = await open();
    for (let seq = 1; seq <= 9; seq += 1) lan.hub.publish(batchOf(seq));
    const back = await watch(lan, `lastEventId=${id}&interval=1`);
    await until(back, 9);
    expect(back.events().map(({ event, data }) => [event, data])).toEqual([
      ['gap', { reason: 'away', from: parseId(id)?.time, to: 9000, events: [] }],
      ['batch', { ...batchOf(9), after: 0 }],
    ]);
  });

  it('with nonsense for a place begins anew', async () => {
    const lan = await open();
    lan.hub.publish(batchOf(1));
    const back = await watch(lan, 'interval=1', { 'last-event-id': 'a:b:c' });
    await until(back, 1);
    expect(seqsOf(back.batches())).toEqual([1]);
    expect(parseId(formatId({ runId: 'r', seq: 1, time: 2 }))).toEqual({ runId: 'r', seq: 1, time: 2 });
    for (const id of ['', 'r:1', 'r:1:2:3', 'r:-1:2', `r:${'9'.repeat(16)}:1`]) expect(parseId(id)).toBeNull();
  });
});
