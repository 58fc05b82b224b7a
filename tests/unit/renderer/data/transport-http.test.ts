import { describe, expect, it } from 'vitest';
import type { Http } from '../../../../src/renderer/data/http';
import { createHttpTransport } from '../../../../src/renderer/data/transport-http';
import type { EventStream } from '../../../../src/renderer/data/transport-http';
import type { RenewalOutcome } from '../../../../src/renderer/data/http';
import type { Result } from '../../../../src/shared/result';
import { createManualTimers, settle } from '../../../support/timers';

const OUT: Result<unknown> = { ok: false, code: 'Unauthorized', message: '' };

/** A stream a test drives from the server's side. */
class FakeStream implements EventStream {
  readyState = 0;
  readonly #listeners = new Map<string, ((event: { data?: unknown; lastEventId?: string }) => void)[]>();

  constructor(readonly path: string) {}

  addEventListener(type: string, listener: (event: { data?: unknown; lastEventId?: string }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  close(): void {
    this.readyState = 2;
  }

  send(type: string, data: unknown, lastEventId = ''): void {
    this.readyState = 1;
    for (const listener of this.#listeners.get(type) ?? []) listener({ data, lastEventId });
  }

  /** The connection broke: the browser tries by itself, or has given up. */
  fail(givenUp: boolean): void {
    this.readyState = givenUp ? 2 : 0;
    for (const listener of this.#listeners.get('error') ?? []) listener({});
  }
}

function openTransport() {
  const timers = createManualTimers();
  const streams: FakeStream[] = [];
  const asked: { path: string; body: unknown; headers: unknown }[] = [];
  const world = { answers: [] as Result<unknown>[], renewed: 'in' as RenewalOutcome, renewals: 0, opened: 0, now: 1_000_000 };
  const http: Http = {
    get: () => Promise.resolve(OUT),
    post: (path, body, headers) => {
      asked.push({ path, body, headers });
      return Promise.resolve(world.answers.shift() ?? { ok: true, value: path });
    },
  };
  const transport = createHttpTransport({
    http,
    timers,
    openStream: (path) => {
      const stream = new FakeStream(path);
      streams.push(stream);
      return stream;
    },
    renew: () => {
      world.renewals += 1;
      return Promise.resolve(world.renewed);
    },
    onOpen: () => {
      world.opened += 1;
    },
    tab: 'tab-1',
    now: () => world.now,
  });
  const events: [string, unknown][] = [];
  const last = (): FakeStream => {
    const stream = streams.at(-1);
    if (stream === undefined) throw new Error('no stream was opened');
    return stream;
  };
  return { transport, timers, streams, asked, world, events, last, listen: () => transport.subscribe((name, payload) => events.push([name, payload])) };
}

describe('the wire over HTTP', () => {
  it('a call is a POST of its input, in the name of this tab', async () => {
    const { transport, asked } = openTransport();
    expect(await transport.call('series', { from: 1 })).toEqual({ ok: true, value: '/api/call/series' });
    expect(asked).toEqual([{ path: '/api/call/series', body: { from: 1 }, headers: { 'x-traywatch-client': 'tab-1' } }]);
  });

  it.each(['../auth/logout', 'snapshot/../x', 'a?b', '', '__proto__'])('%j is no call and reaches no path', async (name) => {
    const { transport, asked } = openTransport();
    expect(await transport.call(name, {})).toMatchObject({ ok: false, code: 'NotFound' });
    expect(asked).toEqual([]);
  });

  it('renews a session that ran out once, and asks again', async () => {
    const { transport, world, asked } = openTransport();
    world.answers = [OUT];
    expect(await transport.call('host', {})).toMatchObject({ ok: true });
    expect([world.renewals, asked.length]).toEqual([1, 2]);
    world.answers = [OUT, OUT];
    expect(await transport.call('host', {})).toEqual(OUT);
    expect(asked).toHaveLength(4);
    world.renewed = 'out';
    world.answers = [OUT];
    expect(await transport.call('host', {})).toEqual(OUT);
    expect(asked).toHaveLength(5);
  });

  it('listeners share one stream, which ends with the last of them', () => {
    const { transport, listen, streams, last, events } = openTransport();
    const first = listen();
    const second = transport.subscribe(() => undefined);
    expect(streams).toHaveLength(1);
    expect(last().path).toBe('/api/stream?client=tab-1');
    last().send('batch', '{"seq":1}', 'r:1:1');
    last().send('appState', 'not JSON');
    expect(events).toEqual([['batch', { seq: 1 }], ['appState', null]]);
    first();
    expect(last().readyState).toBe(1);
    second();
    expect(last().readyState).toBe(2);
  });

  it('leaves a broken connection to the browser, and opens a new stream where that has given up, from the same place', async () => {
    const { listen, streams, last, timers, world, events } = openTransport();
    listen();
    last().send('open', undefined);
    last().send('batch', '{"seq":7}', 'run:7:7000');
    last().fail(false);
    timers.advance(60_000);
    expect(streams).toHaveLength(1);
    last().fail(true);
    timers.advance(500);
    await settle();
    expect(world.renewals).toBe(1);
    expect(last().path).toBe('/api/stream?client=tab-1&lastEventId=run%3A7%3A7000');
    const [old] = streams;
    old?.send('batch', '{"seq":8}');
    expect(events.filter(([name]) => name === 'batch')).toHaveLength(1);
    expect(world.opened).toBe(1);
  });

  it('asks ever more seldom while the server does not answer, and at once when nudged', async () => {
    const { transport, listen, streams, last, timers, world } = openTransport();
    world.renewed = 'away';
    listen();
    last().fail(true);
    const tries: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      timers.advance(1000);
      await settle();
      tries.push(world.renewals);
    }
    expect(tries.at(-1)).toBeLessThan(12);
    expect(streams).toHaveLength(1);
    world.renewed = 'in';
    transport.nudge();
    await settle();
    expect(streams).toHaveLength(2);
    transport.nudge();
    await settle();
    expect(streams).toHaveLength(2);
  });

  it('asks how things stand whenever a stream comes: what changed while there was none was told to nobody', async () => {
    const { listen, last, events, asked } = openTransport();
    listen();
    last().send('open', undefined);
    await settle();
    expect(asked.map(({ path }) => path)).toEqual(['/api/call/appState', '/api/call/openAlerts', '/api/call/powerState']);
    expect(events.map(([name]) => name)).toEqual(['appState', 'openAlerts', 'powerState']);
  });

  it('does not listen to what is the desktop’s alone', () => {
    const { listen, last, events } = openTransport();
    listen();
    for (const name of ['navigate', 'lanAccess', 'lanState', 'taskProgress']) last().send(name, '{}');
    expect(events).toEqual([]);
  });

  it('ends for good with the session', async () => {
    const { listen, streams, last, timers, world } = openTransport();
    world.renewed = 'out';
    listen();
    last().fail(true);
    timers.advance(60_000);
    await settle();
    timers.advance(600_000);
    await settle();
    expect([streams.length, world.renewals]).toEqual([1, 1]);
  });

  it('a connection that says nothing for more than a minute is dead', async () => {
    const { listen, streams, last, timers } = openTransport();
    listen();
    for (let minute = 0; minute < 3; minute += 1) {
      timers.advance(60_000);
      last().send('batch', '{}');
    }
    expect(streams).toHaveLength(1);
    timers.advance(75_000);
    await settle();
    expect(streams).toHaveLength(2);
    expect(streams[0]?.readyState).toBe(2);
  });

  it('what was left out for a slow reader is asked for', async () => {
    const { listen, last, events, asked } = openTransport();
    listen();
    last().send('gap', '{"reason":"slow","events":["appState","powerState","../evil",7]}');
    last().send('gap', '"nonsense"');
    await settle();
    expect(asked.map(({ path }) => path)).toEqual(['/api/call/appState', '/api/call/powerState']);
    expect(events).toEqual([['appState', '/api/call/appState'], ['powerState', '/api/call/powerState']]);
  });
});

describe('a page that wakes up', () => {
  /** A page whose stream is open and steady, with the update interval that the machine has set, s. */
  function openSteadily(intervalSeconds = 5) {
    const page = openTransport();
    page.listen();
    const pass = (seconds: number, isAsleep = false): void => {
      page.world.now += seconds * 1000;
      if (!isAsleep) page.timers.advance(seconds * 1000);
    };
    page.last().send('open', undefined);
    page.last().send('appState', JSON.stringify({ settings: { lan: { intervalSeconds } } }));
    for (let beat = 0; beat < 4; beat += 1) {
      pass(intervalSeconds);
      page.last().send('batch', `{"seq":${beat}}`, `run:${beat}:0`);
    }
    return { ...page, pass };
  }

  it('opens another stream at once when the last event is older than the interval lets expect, from the same place', async () => {
    const { transport, streams, world, pass, last } = openSteadily();
    pass(30, true);
    expect(last().readyState).toBe(1);
    transport.nudge();
    await settle();
    expect([streams.length, world.renewals, streams[0]?.readyState]).toEqual([2, 1, 2]);
    expect(last().path).toContain('lastEventId=run%3A3%3A0');
  });

  it.each([
    [1, 4, 1], [1, 6, 2], [5, 6, 1], [5, 8, 2], [60, 61, 1], [60, 63, 2],
  ])('at an interval of %i s, with the last event %i s ago, has %i streams', async (interval, ago, count) => {
    for (const isAsleep of [true, false]) {
      const { transport, streams, pass } = openSteadily(interval);
      pass(ago, isAsleep);
      transport.nudge();
      await settle();
      expect(streams).toHaveLength(count);
    }
  });

  it('believes no event that comes right after a long silence: it may have waited in the device', async () => {
    const { transport, streams, pass, last } = openSteadily();
    pass(3600, true);
    for (let seq = 4; seq < 7; seq += 1) last().send('batch', `{"seq":${seq}}`, `run:${seq}:0`);
    transport.nudge();
    await settle();
    expect(streams).toHaveLength(2);
    expect(last().path).toContain('lastEventId=run%3A6%3A0');
  });

  it('makes one attempt of several reasons at a time, and believes in the stream it has just opened', async () => {
    const { transport, streams, world, pass, asked } = openSteadily();
    pass(600, true);
    for (let event = 0; event < 20; event += 1) transport.nudge();
    await settle();
    for (let event = 0; event < 20; event += 1) transport.nudge();
    await settle();
    expect([streams.length, world.renewals]).toEqual([2, 1]);
    streams[1]?.send('open', undefined);
    transport.nudge();
    await settle();
    // How things stand is asked once for each stream.
    expect([streams.length, asked.length]).toEqual([2, 6]);
  });

  it('the same where the browser has given up meanwhile', async () => {
    const { transport, streams, world, last } = openSteadily();
    last().fail(true);
    for (let event = 0; event < 20; event += 1) transport.nudge();
    await settle();
    expect([streams.length, world.renewals]).toEqual([2, 1]);
  });

  it('does not wait for a stream that does not come about: it was asked for before there was a network', async () => {
    const { transport, streams, world, pass, last } = openSteadily();
    last().fail(false);
    pass(30, true);
    world.renewed = 'away';
    transport.nudge();
    await settle();
    expect(streams).toHaveLength(1);
    world.renewed = 'in';
    transport.nudge();
    await settle();
    expect(streams).toHaveLength(2);
    pass(30, true);
    transport.nudge();
    await settle();
    expect(streams).toHaveLength(3);
  });

  it('opens another stream, once, after the clock was set back', async () => {
    const { transport, streams, pass, last } = openSteadily();
    pass(-3600, true);
    transport.nudge();
    await settle();
    last().send('open', undefined);
    last().send('batch', '{"seq":4}', 'run:4:0');
    transport.nudge();
    await settle();
    expect(streams).toHaveLength(2);
  });

  it('leaves a closed page alone', async () => {
    const { transport, streams, listen, world, timers } = openTransport();
    transport.nudge();
    listen()();
    world.now += 600_000;
    timers.advance(600_000);
    transport.nudge();
    await settle();
    expect([streams.length, world.renewals]).toEqual([1, 0]);
  });
});
