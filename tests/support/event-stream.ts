/** The wire over HTTP with a server and a stream that a test drives. */
import type { Http, RenewalOutcome } from '../../src/renderer/data/http';
import { createHttpTransport } from '../../src/renderer/data/transport-http';
import type { EventStream } from '../../src/renderer/data/transport-http';
import type { Result } from '../../src/shared/result';
import { createManualTimers } from './timers';

/** The answer to somebody whose session has run out. */
export const OUT: Result<unknown> = { ok: false, code: 'Unauthorized', message: '' };

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

/** Opens the transport; `world` holds the server's responses and the time. */
export function openTransport() {
  const timers = createManualTimers();
  const streams: FakeStream[] = [];
  const requests: { path: string; body: unknown; headers: unknown }[] = [];
  const world = { results: [] as Result<unknown>[], renewed: 'renewed' as RenewalOutcome, renewals: 0, opened: 0, now: 1_000_000 };
  const http: Http = {
    get: () => Promise.resolve(OUT),
    post: (path, body, headers) => {
      requests.push({ path, body, headers });
      return Promise.resolve(world.results.shift() ?? { ok: true, value: path });
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
  return { transport, timers, streams, requests, world, events, last, listen: () => transport.subscribe((name, payload) => events.push([name, payload])) };
}
