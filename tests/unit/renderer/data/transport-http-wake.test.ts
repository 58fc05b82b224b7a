import { describe, expect, it } from 'vitest';
import { openTransport } from '../../../support/event-stream';
import { settle } from '../../../support/timers';

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
    transport.retryNow();
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
      transport.retryNow();
      await settle();
      expect(streams).toHaveLength(count);
    }
  });

  it('believes no event that comes right after a long silence: it may have waited in the device', async () => {
    const { transport, streams, pass, last } = openSteadily();
    pass(3600, true);
    for (let seq = 4; seq < 7; seq += 1) last().send('batch', `{"seq":${seq}}`, `run:${seq}:0`);
    transport.retryNow();
    await settle();
    expect(streams).toHaveLength(2);
    expect(last().path).toContain('lastEventId=run%3A6%3A0');
  });

  it('makes one attempt of several reasons at a time, and believes in the stream it has just opened', async () => {
    const { transport, streams, world, pass, requests } = openSteadily();
    pass(600, true);
    for (let event = 0; event < 20; event += 1) transport.retryNow();
    await settle();
    for (let event = 0; event < 20; event += 1) transport.retryNow();
    await settle();
    expect([streams.length, world.renewals]).toEqual([2, 1]);
    streams[1]?.send('open', undefined);
    transport.retryNow();
    await settle();
    // How things stand is asked once for each stream.
    expect([streams.length, requests.length]).toEqual([2, 8]);
  });

  it('the same where the browser has given up meanwhile', async () => {
    const { transport, streams, world, last } = openSteadily();
    last().fail(true);
    for (let event = 0; event < 20; event += 1) transport.retryNow();
    await settle();
    expect([streams.length, world.renewals]).toEqual([2, 1]);
  });

  it('does not wait for a stream that does not come about: it was asked for before there was a network', async () => {
    const { transport, streams, world, pass, last } = openSteadily();
    last().fail(false);
    pass(30, true);
    world.renewed = 'unreachable';
    transport.retryNow();
    await settle();
    expect(streams).toHaveLength(1);
    world.renewed = 'renewed';
    transport.retryNow();
    await settle();
    expect(streams).toHaveLength(2);
    pass(30, true);
    transport.retryNow();
    await settle();
    expect(streams).toHaveLength(3);
  });

  it('opens another stream, once, after the clock was set back', async () => {
    const { transport, streams, pass, last } = openSteadily();
    pass(-3600, true);
    transport.retryNow();
    await settle();
    last().send('open', undefined);
    last().send('batch', '{"seq":4}', 'run:4:0');
    transport.retryNow();
    await settle();
    expect(streams).toHaveLength(2);
  });

  it('leaves a closed page alone', async () => {
    const { transport, streams, listen, world, timers } = openTransport();
    transport.retryNow();
    listen()();
    world.now += 600_000;
    timers.advance(600_000);
    transport.retryNow();
    await settle();
    expect([streams.length, world.renewals]).toEqual([1, 0]);
  });
});
