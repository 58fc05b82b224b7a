import { describe, expect, it } from 'vitest';
import { startFeed } from '../../../../src/renderer/data/feed';
import type { FeedSink } from '../../../../src/renderer/data/feed';
import { desktopUpdateInterval, remoteUpdateInterval, MIN_SILENCE, silenceLimit } from '../../../../src/renderer/data/update-interval';
import type { UpdateIntervalOf } from '../../../../src/renderer/data/update-interval';
import type { Client, EventListener } from '../../../../src/shared/api/client';
import type { AppState } from '../../../../src/shared/api/contract';
import type { SampleBatch, Snapshot } from '../../../../src/shared/metrics/reading';
import type { Result } from '../../../../src/shared/result';
import { DEFAULT_SETTINGS } from '../../../../src/shared/settings/settings-schema';
import { createManualTimers, settle } from '../../../support/timers';

const batch = (seq: number, time = seq * 1000): SampleBatch => ({ seq, time, readings: {}, faults: {} });
const snapshot = (seq: number, paused = false): Snapshot => ({ seq, time: seq * 1000, paused, readings: {}, faults: {}, lastKnown: {}, readAt: {} });
const appState = (paused: boolean, intervalSeconds = DEFAULT_SETTINGS.lan.intervalSeconds): AppState =>
  ({ paused, settings: { ...DEFAULT_SETTINGS, lan: { ...DEFAULT_SETTINGS.lan, intervalSeconds } }, rules: [], notices: [] });

/** A main process that responds when the test says so, and a sink that logs its calls. */
function createWorld(updateIntervalOf: UpdateIntervalOf = desktopUpdateInterval, state: Promise<Result<AppState>> = Promise.resolve({ ok: true, value: appState(false) })) {
  const clock = { now: 0 };
  const interruptions = new Set<() => void>();
  const listeners = new Set<EventListener>();
  const requests: ((result: Result<Snapshot>) => void)[] = [];
  const log: string[] = [];
  const timers = createManualTimers();
  const client = {
    call: (name: string) => {
      if (name === 'appState') return state;
      return new Promise((resolve) => requests.push(resolve));
    },
    onInterruption: (listener: () => void) => {
      interruptions.add(listener);
      return () => interruptions.delete(listener);
    },
    subscribe: (listener: EventListener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Client;
  const sink: FeedSink = {
    onSnapshot: ({ seq }) => log.push(`snapshot ${seq}`),
    onBatch: ({ seq }) => log.push(`batch ${seq}`),
    onGap: (from, to) => log.push(`gap ${from}-${to}`),
    onAppState: () => undefined,
    onNavigate: (path) => log.push(`navigate ${path}`),
    onConnection: (connection, message) => log.push(message === '' ? connection : `${connection}: ${message}`),
  };
  const { stop, wake } = startFeed(client, sink, timers, updateIntervalOf, () => clock.now);
  const push = (sent: SampleBatch): void => listeners.forEach((listener) => listener({ name: 'batch', payload: sent }));
  return {
    log,
    timers,
    clock,
    wake,
    interrupt: (): void => interruptions.forEach((listener) => listener()),
    interruptions,
    stop,
    requests,
    listeners,
    push,
    pushState: (paused: boolean, intervalSeconds?: number): void => listeners.forEach((listener) => listener({ name: 'appState', payload: appState(paused, intervalSeconds) })),
    navigate: (path: string): void => listeners.forEach((listener) => listener({ name: 'navigate', payload: { path } })),
    respond: async (value: Snapshot): Promise<void> => {
      requests.shift()?.({ ok: true, value });
      await settle();
    },
    fail: async (message: string): Promise<void> => {
      requests.shift()?.({ ok: false, code: 'Unavailable', message });
      await settle();
    },
  };
}

describe('startFeed', () => {
  it('ignores the progress of tasks', () => {
    const world = createWorld();
    const payload = { id: 1, kind: 'backup', state: 'running', done: 0, bytes: 0, path: '/home/me/backup.sqlite', message: '' } as const;
    for (const listener of world.listeners) listener({ name: 'taskProgress', payload });
    expect(world.log.filter((line) => line.startsWith('navigate'))).toEqual([]);
    world.stop();
  });

  it('applies the snapshot, then only the batches after it, whichever arrives first', async () => {
    const world = createWorld();
    [4, 5, 6].forEach((seq) => world.push(batch(seq)));
    await world.respond(snapshot(5));
    world.push(batch(7));
    expect(world.log).toEqual(['connecting', 'snapshot 5', 'batch 6', 'live', 'batch 7']);
  });

  it.each([
    [1, 5000],
    [5, 12_000],
    [60, 122_000],
  ])('every %i s: neither a regular stream nor one missing batch is silence, a stalled stream is after %i ms', async (interval, limit) => {
    const world = createWorld(remoteUpdateInterval);
    await world.respond(snapshot(5));
    world.pushState(false, interval);
    let seq = 5;
    const receive = (intervals: number): void => {
      world.timers.advance(intervals * interval * 1000);
      world.push({ ...batch(seq + intervals), after: seq });
      seq += intervals;
    };
    for (let turn = 0; turn < 20; turn += 1) receive(1);
    // A second late, as the sampler is on battery, then one batch lost.
    world.timers.advance(1000);
    receive(1);
    receive(2);
    expect(world.log.filter((line) => line === 'silent' || line.startsWith('lost'))).toEqual([]);
    expect(world.requests).toEqual([]);
    world.timers.advance(limit - 1);
    expect(world.log.at(-1)).toBe(`batch ${seq}`);
    world.timers.advance(1);
    expect(world.log.at(-1)).toBe('silent');
    expect(world.requests).toHaveLength(1);
    world.stop();
  });

  it('follows changes of the interval in the settings, and assumes the longest while it is not known', async () => {
    const world = createWorld(remoteUpdateInterval, new Promise(() => undefined));
    await world.respond(snapshot(5));
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

  it('Traywatch’s own window receives each tick; five missing ones are silence', () => {
    expect(silenceLimit(desktopUpdateInterval(null))).toBe(MIN_SILENCE);
    expect(MIN_SILENCE).toBe(5000);
  });

  it('ignores a batch that was already applied', async () => {
    const world = createWorld();
    await world.respond(snapshot(5));
    world.push(batch(5));
    world.push(batch(6));
    world.push(batch(6));
    expect(world.log.filter((line) => line.startsWith('batch'))).toEqual(['batch 6']);
  });

  it('requests a snapshot when batches are missing, and reports the gap', async () => {
    const world = createWorld();
    await world.respond(snapshot(5));
    world.push(batch(9));
    expect(world.requests).toHaveLength(1);
    await world.respond(snapshot(9));
    world.push(batch(10));
    expect(world.log.slice(3)).toEqual(['snapshot 9', 'gap 5000-9000', 'batch 10']);
  });

  it('starts over when the app was restarted: seq from 1 at a later time', async () => {
    const world = createWorld();
    await world.respond(snapshot(50));
    world.push(batch(1, 90_000));
    await world.respond({ ...snapshot(1), time: 90_000 });
    expect(world.log.slice(3)).toEqual(['snapshot 1', 'gap 50000-90000']);
  });

  it('reports a lost connection, retries with growing delays, and reports when it is back', async () => {
    const world = createWorld();
    await world.fail('gone');
    expect(world.log).toEqual(['connecting', 'lost: gone']);
    world.timers.advance(500);
    await world.fail('gone');
    world.timers.advance(500);
    expect(world.requests).toHaveLength(0);
    world.timers.advance(500);
    await world.respond(snapshot(1));
    expect(world.log.slice(-2)).toEqual(['snapshot 1', 'live']);
  });

  it('a device that slept says within a second of waking that its data is old, and at once when the page is looked at', async () => {
    for (const waken of [(world: ReturnType<typeof createWorld>) => world.timers.advance(1000), (world: ReturnType<typeof createWorld>) => world.wake()]) {
      const world = createWorld();
      await world.respond(snapshot(1));
      world.clock.now += 3_600_000;
      expect(world.log.at(-1)).toBe('live');
      waken(world);
      expect(world.log.at(-1)).toBe('silent');
      await world.respond(snapshot(9));
      expect(world.log.at(-1)).toBe('live');
      world.stop();
    }
  });

  it('a page that is looked at again says nothing while its data is new, and none is due while monitoring is paused', async () => {
    const world = createWorld();
    await world.respond(snapshot(1));
    world.clock.now += MIN_SILENCE - 1;
    world.wake();
    expect(world.log.at(-1)).toBe('live');
    world.pushState(true);
    world.clock.now += 3_600_000;
    world.wake();
    expect(world.log.at(-1)).toBe('live');
    world.stop();
  });

  it('asks at once when the stream breaks: without an answer the connection is lost, with one nothing is said', async () => {
    const world = createWorld(remoteUpdateInterval);
    await world.respond(snapshot(1));
    world.interrupt();
    world.interrupt();
    expect(world.requests).toHaveLength(1);
    await world.respond(snapshot(2));
    expect(world.log.filter((line) => line === 'silent' || line.startsWith('lost'))).toEqual([]);
    world.interrupt();
    await world.fail('connection refused');
    expect(world.log.at(-1)).toBe('lost: connection refused');
    // The attempts of the stream to come back add no questions to those of the feed.
    world.interrupt();
    expect(world.requests).toHaveLength(0);
    world.stop();
    expect(world.interruptions.size).toBe(0);
  });

  it('reports silence, which a snapshot without new data does not end', async () => {
    const world = createWorld();
    await world.respond(snapshot(5));
    world.timers.advance(MIN_SILENCE);
    expect(world.log.at(-1)).toBe('silent');
    await world.respond(snapshot(5));
    expect(world.log.at(-1)).toBe('silent');
    world.push(batch(6));
    expect(world.log.slice(-2)).toEqual(['batch 6', 'live']);
  });

  it('expects no batches while paused', async () => {
    const world = createWorld();
    await world.respond(snapshot(5));
    world.pushState(true);
    world.timers.advance(10 * MIN_SILENCE);
    expect(world.log.at(-1)).toBe('live');
    world.pushState(false);
    world.timers.advance(MIN_SILENCE);
    expect(world.log.at(-1)).toBe('silent');
  });

  it('passes on navigation', () => {
    const world = createWorld();
    world.navigate('/cpu');
    expect(world.log.at(-1)).toBe('navigate /cpu');
  });

  it('does nothing after it was stopped', async () => {
    const world = createWorld();
    world.stop();
    await world.respond(snapshot(1));
    world.timers.advance(10 * MIN_SILENCE);
    expect(world.log).toEqual(['connecting']);
    expect(world.listeners.size).toBe(0);
  });
});
