import { describe, expect, it } from 'vitest';
import { OUT, openTransport } from '../../../support/event-stream';
import { settle } from '../../../support/timers';

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
