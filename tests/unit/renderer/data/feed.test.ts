import { describe, expect, it } from 'vitest';
import { startFeed } from '../../../../src/renderer/data/feed';
import type { FeedSink } from '../../../../src/renderer/data/feed';
import { createVisibilityBuffer } from '../../../../src/renderer/data/visibility-buffer';
import { desktopUpdateInterval, remoteUpdateInterval, SILENCE, silenceLimit } from '../../../../src/renderer/data/update-interval';
import type { UpdateIntervalOf } from '../../../../src/renderer/data/update-interval';
import type { Client, EventListener } from '../../../../src/shared/api/client';
import type { AppState } from '../../../../src/shared/api/contract';
import type { SampleBatch, Snapshot } from '../../../../src/shared/metrics/reading';
import type { Result } from '../../../../src/shared/result';
import { DEFAULT_SETTINGS } from '../../../../src/shared/settings/settings-schema';
import { createManualTimers, settle } from '../../../support/timers';

const batch = (seq: number, time = seq * 1000): SampleBatch => ({ seq, time, readings: {}, faults: {} });
const snapshot = (seq: number, paused = false): Snapshot => ({ seq, time: seq * 1000, paused, readings: {}, faults: {}, readAt: {} });
const appState = (paused: boolean, intervalSeconds = DEFAULT_SETTINGS.lan.intervalSeconds): AppState =>
  ({ paused, settings: { ...DEFAULT_SETTINGS, lan: { ...DEFAULT_SETTINGS.lan, intervalSeconds } }, notices: [] });

/** A main process that answers when told to, and a sink that writes down what it gets. */
function createWorld(paceOf: UpdateIntervalOf = desktopUpdateInterval, state: Promise<Result<AppState>> = Promise.resolve({ ok: true, value: appState(false) })) {
  const listeners = new Set<EventListener>();
  const asked: ((answer: Result<Snapshot>) => void)[] = [];
  const log: string[] = [];
  const timers = createManualTimers();
  const client = {
    call: (name: string) => {
      if (name === 'appState') return state;
      return new Promise((resolve) => asked.push(resolve));
    },
    subscribe: (listener: EventListener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Client;
  const sink: FeedSink = {
    onSnapshot: ({ seq }) => log.push(`snapshot ${seq}`),
    onBatch: ({ seq }) => log.push(`batch ${seq}`),
    onGap: (from, to) => log.push(`hole ${from}-${to}`),
    onAppState: () => undefined,
    onNavigate: (path) => log.push(`navigate ${path}`),
    onConnection: (connection, message) => log.push(message === '' ? connection : `${connection}: ${message}`),
  };
  const stop = startFeed(client, sink, timers, paceOf);
  const push = (sent: SampleBatch): void => listeners.forEach((listener) => listener({ name: 'batch', payload: sent }));
  return {
    log,
    timers,
    stop,
    asked,
    listeners,
    push,
    pushState: (paused: boolean, intervalSeconds?: number): void => listeners.forEach((listener) => listener({ name: 'appState', payload: appState(paused, intervalSeconds) })),
    navigate: (path: string): void => listeners.forEach((listener) => listener({ name: 'navigate', payload: { path } })),
    answer: async (value: Snapshot): Promise<void> => {
      asked.shift()?.({ ok: true, value });
      await settle();
    },
    fail: async (message: string): Promise<void> => {
      asked.shift()?.({ ok: false, code: 'Unavailable', message });
      await settle();
    },
  };
}

describe('startFeed', () => {
  it('leaves the progress of tasks to who follows it', () => {
    const world = createWorld();
    const payload = { id: 1, kind: 'backup', state: 'running', done: 0, bytes: 0, path: '/home/me/backup.sqlite', message: '' } as const;
    for (const listener of world.listeners) listener({ name: 'taskProgress', payload });
    expect(world.log.filter((line) => line.startsWith('navigate'))).toEqual([]);
    world.stop();
  });

  it('takes the snapshot, then only the batches after it, whichever came first', async () => {
    const world = createWorld();
    [4, 5, 6].forEach((seq) => world.push(batch(seq)));
    await world.answer(snapshot(5));
    world.push(batch(7));
    expect(world.log).toEqual(['connecting', 'snapshot 5', 'batch 6', 'live', 'batch 7']);
  });

  it.each([
    [1, 5000],
    [5, 12_000],
    [60, 122_000],
  ])('every %i s: a stream that keeps its pace is no trouble, one batch missing neither, and one that stalls is after %i ms', async (interval, limit) => {
    const world = createWorld(remoteUpdateInterval);
    await world.answer(snapshot(5));
    world.pushState(false, interval);
    let seq = 5;
    const come = (intervals: number): void => {
      world.timers.advance(intervals * interval * 1000);
      world.push({ ...batch(seq + intervals), after: seq });
      seq += intervals;
    };
    for (let turn = 0; turn < 20; turn += 1) come(1);
    // Late by a second, as a sampler on battery is, and then one lost.
    world.timers.advance(1000);
    come(1);
    come(2);
    expect(world.log.filter((line) => line === 'silent' || line.startsWith('lost'))).toEqual([]);
    expect(world.asked).toEqual([]);
    world.timers.advance(limit - 1);
    expect(world.log.at(-1)).toBe(`batch ${seq}`);
    world.timers.advance(1);
    expect(world.log.at(-1)).toBe('silent');
    expect(world.asked).toHaveLength(1);
    world.stop();
  });

  it('follows the interval when the desktop changes it, and waits longest while it is not known', async () => {
    const world = createWorld(remoteUpdateInterval, new Promise(() => undefined));
    await world.answer(snapshot(5));
    world.timers.advance(100_000);
    expect(world.log.at(-1)).toBe('live');
    world.pushState(false, 60);
    world.timers.advance(121_999);
    expect(world.log.at(-1)).toBe('live');
    world.pushState(false, 5);
    world.timers.advance(12_000);
    expect(world.log.at(-1)).toBe('silent');
    world.stop();
  });

  it('the desktop’s own window hears each tick, and misses five of them at most', () => {
    expect(silenceLimit(desktopUpdateInterval(null))).toBe(SILENCE);
    expect(SILENCE).toBe(5000);
  });

  it('drops a batch it has already', async () => {
    const world = createWorld();
    await world.answer(snapshot(5));
    world.push(batch(5));
    world.push(batch(6));
    world.push(batch(6));
    expect(world.log.filter((line) => line.startsWith('batch'))).toEqual(['batch 6']);
  });

  it('asks again when batches are missing, and says which time is', async () => {
    const world = createWorld();
    await world.answer(snapshot(5));
    world.push(batch(9));
    expect(world.asked).toHaveLength(1);
    await world.answer(snapshot(9));
    world.push(batch(10));
    expect(world.log.slice(3)).toEqual(['snapshot 9', 'hole 5000-9000', 'batch 10']);
  });

  it('starts over when the app did: numbers from 1 at a later time', async () => {
    const world = createWorld();
    await world.answer(snapshot(50));
    world.push(batch(1, 90_000));
    await world.answer({ ...snapshot(1), time: 90_000 });
    expect(world.log.slice(3)).toEqual(['snapshot 1', 'hole 50000-90000']);
  });

  it('says it is lost, tries again with longer pauses, and says when it is back', async () => {
    const world = createWorld();
    await world.fail('gone');
    expect(world.log).toEqual(['connecting', 'lost: gone']);
    world.timers.advance(500);
    await world.fail('gone');
    world.timers.advance(500);
    expect(world.asked).toHaveLength(0);
    world.timers.advance(500);
    await world.answer(snapshot(1));
    expect(world.log.slice(-2)).toEqual(['snapshot 1', 'live']);
  });

  it('notices silence, and does not take an answer without news for the end of it', async () => {
    const world = createWorld();
    await world.answer(snapshot(5));
    world.timers.advance(SILENCE);
    expect(world.log.at(-1)).toBe('silent');
    await world.answer(snapshot(5));
    expect(world.log.at(-1)).toBe('silent');
    world.push(batch(6));
    expect(world.log.slice(-2)).toEqual(['batch 6', 'live']);
  });

  it('expects nothing while paused', async () => {
    const world = createWorld();
    await world.answer(snapshot(5));
    world.pushState(true);
    world.timers.advance(10 * SILENCE);
    expect(world.log.at(-1)).toBe('live');
    world.pushState(false);
    world.timers.advance(SILENCE);
    expect(world.log.at(-1)).toBe('silent');
  });

  it('passes on where to go', () => {
    const world = createWorld();
    world.navigate('/cpu');
    expect(world.log.at(-1)).toBe('navigate /cpu');
  });

  it('is still after it was stopped', async () => {
    const world = createWorld();
    world.stop();
    await world.answer(snapshot(1));
    world.timers.advance(10 * SILENCE);
    expect(world.log).toEqual(['connecting']);
    expect(world.listeners.size).toBe(0);
  });
});

describe('createGate', () => {
  function createGated() {
    const log: string[] = [];
    const note = (line: string) => () => log.push(line);
    const buffer = createVisibilityBuffer({
      onSnapshot: ({ seq }) => log.push(`snapshot ${seq}`),
      onBatch: (sent) => log.push(`batch ${sent.seq} ${Object.keys(sent.readings).join()}`.trim()),
      onGap: (from, to) => log.push(`hole ${from}-${to}`),
      onAppState: note('state'),
      onNavigate: note('navigate'),
      onConnection: note('connection'),
    });
    return { buffer, log };
  }

  it('holds batches while closed, and passes them on in order', () => {
    const { buffer, log } = createGated();
    buffer.setOpen(false);
    buffer.sink.onBatch(batch(1));
    buffer.sink.onBatch(batch(2));
    expect(log).toEqual([]);
    buffer.setOpen(true);
    buffer.sink.onBatch(batch(3));
    expect(log).toEqual(['batch 1', 'batch 2', 'batch 3']);
  });

  it('folds what is too much into one batch that keeps the last reading of each family, and tells of the hole', () => {
    const { buffer, log } = createGated();
    buffer.setOpen(false);
    const disk = { values: { usage: 1 }, devices: {} };
    buffer.sink.onBatch({ ...batch(1), readings: { disk } });
    for (let seq = 2; seq <= 40; seq += 1) buffer.sink.onBatch(batch(seq));
    buffer.setOpen(true);
    expect(log[0]).toBe('batch 10 disk');
    expect(log).toHaveLength(32);
    expect(log.at(-1)).toBe('hole 1000-10000');
  });

  it('forgets what a snapshot already holds', () => {
    const { buffer, log } = createGated();
    buffer.setOpen(false);
    buffer.sink.onBatch(batch(1));
    buffer.sink.onSnapshot(snapshot(2));
    buffer.setOpen(true);
    expect(log).toEqual(['snapshot 2']);
  });
});
