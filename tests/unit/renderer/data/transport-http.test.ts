import { describe, expect, it } from 'vitest';
import { OUT, openTransport } from '../../../support/event-stream';
import { settle } from '../../../support/timers';

describe('the transport over HTTP', () => {
  it('a call is a POST of its input with the id of this tab', async () => {
    const { transport, requests } = openTransport();
    expect(await transport.call('series', { from: 1 })).toEqual({ ok: true, value: '/api/call/series' });
    expect(requests).toEqual([{ path: '/api/call/series', body: { from: 1 }, headers: { 'x-traywatch-client': 'tab-1' } }]);
  });

  it.each(['../auth/logout', 'snapshot/../x', 'a?b', '', '__proto__'])('%j is not a call and is never requested', async (name) => {
    const { transport, requests } = openTransport();
    expect(await transport.call(name, {})).toMatchObject({ ok: false, code: 'NotFound' });
    expect(requests).toEqual([]);
  });

  it('renews an expired session once and repeats the call', async () => {
    const { transport, world, requests } = openTransport();
    world.results = [OUT];
    expect(await transport.call('host', {})).toMatchObject({ ok: true });
    expect([world.renewals, requests.length]).toEqual([1, 2]);
    world.results = [OUT, OUT];
    expect(await transport.call('host', {})).toEqual(OUT);
    expect(requests).toHaveLength(4);
    world.renewed = 'signedOut';
    world.results = [OUT];
    expect(await transport.call('host', {})).toEqual(OUT);
    expect(requests).toHaveLength(5);
  });

  it('listeners share one stream, which is closed with the last of them', () => {
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

  it('says at once that the stream broke, whoever opens it again, and nothing of a stream it closed itself', () => {
    const { transport, listen, last } = openTransport();
    let broken = 0;
    const stop = transport.onInterruption?.(() => (broken += 1));
    const unlisten = listen();
    last().send('open', undefined);
    last().fail(false);
    expect(broken).toBe(1);
    last().fail(true);
    expect(broken).toBe(2);
    unlisten();
    last().fail(true);
    stop?.();
    expect(broken).toBe(2);
  });

  it('leaves a broken connection to the browser, and reopens the stream at the same position once that has given up', async () => {
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

  it('retries with growing delays while the server does not respond, and at once on retryNow', async () => {
    const { transport, listen, streams, last, timers, world } = openTransport();
    world.renewed = 'unreachable';
    listen();
    last().fail(true);
    const attempts: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      timers.advance(1000);
      await settle();
      attempts.push(world.renewals);
    }
    expect(attempts.at(-1)).toBeLessThan(12);
    expect(streams).toHaveLength(1);
    world.renewed = 'renewed';
    transport.retryNow();
    await settle();
    expect(streams).toHaveLength(2);
    transport.retryNow();
    await settle();
    expect(streams).toHaveLength(2);
  });

  it('fetches the states whenever a stream opens: changes while there was none were missed', async () => {
    const { listen, last, events, requests } = openTransport();
    listen();
    last().send('open', undefined);
    await settle();
    expect(requests.map(({ path }) => path)).toEqual(['/api/call/appState', '/api/call/openAlerts', '/api/call/powerState', '/api/call/machines']);
    expect(events.map(([name]) => name)).toEqual(['appState', 'openAlerts', 'powerState', 'machines']);
  });

  it('ignores events that only Traywatch’s own window receives', () => {
    const { listen, last, events } = openTransport();
    listen();
    for (const name of ['navigate', 'lanAccess', 'lanState', 'taskProgress']) last().send(name, '{}');
    expect(events).toEqual([]);
  });

  it('does not reconnect after the session has ended', async () => {
    const { listen, streams, last, timers, world } = openTransport();
    world.renewed = 'signedOut';
    listen();
    last().fail(true);
    timers.advance(60_000);
    await settle();
    timers.advance(600_000);
    await settle();
    expect([streams.length, world.renewals]).toEqual([1, 1]);
  });

  it('reconnects after more than a minute without events', async () => {
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

  it('fetches the states that were skipped for a slow client', async () => {
    const { listen, last, events, requests } = openTransport();
    listen();
    last().send('gap', '{"reason":"slow","events":["appState","powerState","../evil",7]}');
    last().send('gap', '"nonsense"');
    await settle();
    expect(requests.map(({ path }) => path)).toEqual(['/api/call/appState', '/api/call/powerState']);
    expect(events).toEqual([['appState', '/api/call/appState'], ['powerState', '/api/call/powerState']]);
  });
});
