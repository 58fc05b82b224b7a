/** The transport of a browser on the LAN, which has no preload bridge: calls over HTTP, events over server-sent events. */
import type { Transport } from '../../shared/api/client';
import { REMOTE_EVENTS, STATE_EVENTS } from '../../shared/api/event-names';
import type { Result } from '../../shared/result';
import { LAN_INTERVAL } from '../../shared/sharing/auth-policy';
import type { Http, RenewalOutcome } from './http';
import type { Timers } from './timers';
import { staleAfter } from './update-interval';

/** The part of the browser's EventSource in use. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { readonly data?: unknown; readonly lastEventId?: string }) => void): void;
  close(): void;
}

/** Dependencies of the transport. */
export interface HttpTransportParts {
  readonly http: Http;
  readonly timers: Timers;
  readonly openStream: (path: string) => EventStream;
  /** Requests a new access token. */
  renew(): Promise<RenewalOutcome>;
  /** Called when the stream opened, also after an interruption: the role of this browser may have changed. */
  onOpen(): void;
  /** Id that distinguishes this tab from others of the same browser. */
  readonly tab: string;
  /** Epoch milliseconds. The page's other clocks, and its timers, may stand still while the machine sleeps. */
  readonly now?: () => number;
}

/** A transport that can be made to reconnect at once. */
export interface HttpTransport extends Transport {
  /** For when the network is back or the page is visible again: does not wait for the next attempt. */
  retryNow(): void;
}

/** EventSource.CLOSED: the browser has given up, as it does after a response that is not an event stream. */
const CLOSED = 2;
/** Delays before reconnecting, ms; the last one repeats. */
const RETRY_DELAYS = [500, 1000, 2000, 5000, 10_000] as const;
/** Without any event for this long the connection counts as dead, even if the browser reports it open, ms. Batches arrive at least once a minute. */
const MAX_SILENCE = 75_000;

/** Format of a call's name; anything else is never put into a path. */
const CALL_NAME = /^[a-z][A-Za-z]{0,60}$/;

/** Parses the data of an event; null if it is not JSON. */
function parse(data: unknown): unknown {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}

/** Whether the current stream can still be trusted when the page wakes up, judged by the times of its events. */
class Freshness {
  /** Time between two events, ms. */
  interval = LAN_INTERVAL.default * 1000;
  #receivedAt = 0;
  #steadySince = Number.NEGATIVE_INFINITY;
  #isOverdue = false;

  constructor(private readonly now: () => number) {}

  /** Time after which the next event is overdue, ms. */
  get limit(): number {
    return staleAfter(this.interval);
  }

  /** A new stream is trusted, regardless of the last event of the one before it. */
  begin(): void {
    this.#receivedAt = this.now();
    this.#steadySince = Number.NEGATIVE_INFINITY;
    this.#isOverdue = false;
  }

  onEvent(): void {
    const now = this.now();
    if (this.#isLong(now - this.#receivedAt)) this.#steadySince = now;
    this.#receivedAt = now;
    this.#isOverdue = false;
  }

  /** By the timers, `limit` has passed: they go on where the clock is set back. */
  setOverdue(): void {
    this.#isOverdue = true;
  }

  /** A device delivers on waking what it received before it slept: an event just after a long silence proves nothing. */
  isStale(): boolean {
    const now = this.now();
    return this.#isOverdue || this.#isLong(now - this.#receivedAt) || !this.#isLong(now - this.#steadySince);
  }

  /** After the clock was set back nothing is known. */
  #isLong(age: number): boolean {
    return age < 0 || age > this.limit;
  }
}

/** The event stream, reopened whenever it ends, as long as there are listeners. */
class Stream {
  readonly #freshness: Freshness;
  #source: EventStream | null = null;
  #attempt = 0;
  #lastEventId = '';
  #isRenewing = false;
  #cancel = (): void => undefined;

  constructor(
    private readonly parts: HttpTransportParts,
    private readonly onEvent: (name: string, payload: unknown) => void,
    private readonly onOpen: () => void,
    private readonly onInterruption: () => void,
  ) {
    this.#freshness = new Freshness(parts.now ?? (() => Date.now()));
  }

  setInterval(interval: number): void {
    this.#freshness.interval = interval;
  }

  open(): void {
    this.close();
    const { tab } = this.parts;
    const query = new URLSearchParams({ client: tab, ...(this.#lastEventId === '' ? {} : { lastEventId: this.#lastEventId }) });
    const source = this.parts.openStream(`/api/stream?${query.toString()}`);
    this.#source = source;
    source.addEventListener('open', () => {
      if (this.#source !== source) return;
      this.#onActivity(source);
      this.onOpen();
    });
    source.addEventListener('error', () => {
      if (this.#source !== source) return;
      if (source.readyState === CLOSED) this.#retryLater();
      this.onInterruption();
    });
    for (const name of [...REMOTE_EVENTS, 'gap']) {
      source.addEventListener(name, ({ data, lastEventId }) => {
        if (this.#source !== source) return;
        this.#onActivity(source);
        if (lastEventId !== undefined && lastEventId !== '') this.#lastEventId = lastEventId;
        this.onEvent(name, parse(data));
      });
    }
    this.#freshness.begin();
    this.#restartTimeout(source);
  }

  close(): void {
    this.#cancel();
    this.#source?.close();
    this.#source = null;
  }

  /** Opens a new stream where the browser has given up, or still takes a dead connection for open, as after a phone slept. */
  retryNow(): void {
    if (this.#source === null || (this.#source.readyState !== CLOSED && !this.#freshness.isStale())) return;
    this.#attempt = 0;
    void this.#reconnect();
  }

  #onActivity(source: EventStream): void {
    this.#attempt = 0;
    this.#freshness.onEvent();
    this.#restartTimeout(source);
  }

  #restartTimeout(source: EventStream): void {
    const { timers } = this.parts;
    const { limit } = this.#freshness;
    this.#cancel();
    this.#cancel = timers.after(limit, () => {
      this.#freshness.setOverdue();
      this.#cancel = timers.after(MAX_SILENCE - limit, () => {
        if (this.#source === source) void this.#reconnect();
      });
    });
  }

  #retryLater(): void {
    this.#cancel();
    const delay = RETRY_DELAYS[Math.min(this.#attempt, RETRY_DELAYS.length - 1)] ?? 0;
    this.#attempt += 1;
    this.#cancel = this.parts.timers.after(delay, () => void this.#reconnect());
  }

  /** Renews the session first: the most common reason for an end is an expired access token. Several reasons at a time are one attempt. */
  async #reconnect(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    const source = this.#source;
    const renewed = await this.parts.renew();
    this.#isRenewing = false;
    if (this.#source === null || this.#source !== source || renewed === 'signedOut') return;
    if (renewed === 'renewed') this.open();
    else this.#retryLater();
  }
}

/** The update interval in an `appState`, ms; null in any other event. */
function intervalIn(name: string, payload: unknown): number | null {
  if (name !== 'appState') return null;
  const seconds = (payload as { settings?: { lan?: { intervalSeconds?: unknown } } } | null)?.settings?.lan?.intervalSeconds;
  return typeof seconds === 'number' ? seconds * 1000 : null;
}

/** Names of the events that a `gap` event reports as skipped. */
function missedEvents(payload: unknown): readonly string[] {
  const events: unknown = typeof payload === 'object' && payload !== null && 'events' in payload ? payload.events : [];
  return Array.isArray(events) ? events.filter((name): name is string => typeof name === 'string') : [];
}

/** Creates the transport. Calls and the stream renew the session by themselves when it has expired. */
export function createHttpTransport(parts: HttpTransportParts): HttpTransport {
  const { http, renew, tab } = parts;
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const interruptionListeners = new Set<() => void>();

  const call = async (name: string, input: unknown, machine?: string): Promise<Result<unknown>> => {
    // Whatever the name contains, it must not become another path.
    if (!CALL_NAME.test(name)) return { ok: false, code: 'NotFound', message: 'no such call' };
    const request = (): Promise<Result<unknown>> => http.post(`/api/call/${name}${machine === undefined ? '' : `?machine=${encodeURIComponent(machine)}`}`, input, { 'x-traywatch-client': tab });
    const first = await request();
    if (first.ok || first.code !== 'Unauthorized') return first;
    return (await renew()) === 'renewed' ? request() : first;
  };

  const emit = (name: string, payload: unknown): void => {
    const interval = intervalIn(name, payload);
    if (interval !== null) stream.setInterval(interval);
    [...listeners].forEach((listener) => listener(name, payload));
  };
  // Events that carry a whole state can be fetched by a call of the same name; the feed itself handles missed batches.
  const refetch = (names: readonly string[]): void => {
    for (const name of names) void call(name, {}).then((response) => response.ok && emit(name, response.value));
  };
  const onEvent = (name: string, payload: unknown): void => (name === 'gap' ? refetch(missedEvents(payload)) : emit(name, payload));
  const stream = new Stream(parts, onEvent, () => {
    // Changes while there was no stream were missed.
    refetch(STATE_EVENTS);
    parts.onOpen();
  }, () => interruptionListeners.forEach((listener) => listener()));

  return {
    call,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) stream.open();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stream.close();
      };
    },
    onInterruption(listener) {
      interruptionListeners.add(listener);
      return () => interruptionListeners.delete(listener);
    },
    retryNow: () => stream.retryNow(),
  };
}
