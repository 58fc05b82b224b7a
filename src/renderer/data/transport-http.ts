/** A wire over HTTP and server-sent events: what a browser on the LAN has in the place of the preload's bridge. */
import type { Transport } from '../../shared/api/client';
import { REMOTE_EVENTS, STATE_EVENTS } from '../../shared/api/event-names';
import type { Result } from '../../shared/result';
import { LAN_INTERVAL } from '../../shared/sharing/auth-policy';
import type { Http, RenewalOutcome } from './http';
import type { Timers } from './timers';
import { staleAfter } from './update-interval';

/** The part of the browser's EventSource that is used. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { readonly data?: unknown; readonly lastEventId?: string }) => void): void;
  close(): void;
}

/** What the wire is built from. */
export interface HttpTransportParts {
  readonly http: Http;
  readonly timers: Timers;
  readonly openStream: (path: string) => EventStream;
  /** Gets a new access token. */
  renew(): Promise<RenewalOutcome>;
  /** The stream came (back): what this browser may do can be another thing now. */
  onOpen(): void;
  /** Tells this tab from others of the same browser. */
  readonly tab: string;
  /** Epoch milliseconds. The page's other clocks, and its timers, may stand still while the machine sleeps. */
  readonly now?: () => number;
}

/** A wire that can be asked to look at once whether it is still connected. */
export interface HttpTransport extends Transport {
  /** The network is back, or the page is seen again: does not wait for the next try. */
  nudge(): void;
}

/** EventSource.CLOSED: the browser has given up, as it does after an answer that is no stream. */
const CLOSED = 2;
/** Pauses between two streams, ms; the last one repeats. */
const RETRY = [500, 1000, 2000, 5000, 10_000] as const;
/** Nothing at all for so long means that nobody is there any more, whatever the browser thinks, ms. Batches come at least each minute. */
const DEAD = 75_000;

/** As calls are named; anything else is not put into a path. */
const CALL_NAME = /^[a-z][A-Za-z]{0,60}$/;

/** Reads what an event carries; null for what is no JSON. */
function parse(data: unknown): unknown {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}

/** Tells whether a stream can still be believed in when the page wakes up, by when its events came. */
class Freshness {
  /** Time between two events, ms. */
  pace = LAN_INTERVAL.usual * 1000;
  #heardAt = 0;
  #steadySince = Number.NEGATIVE_INFINITY;
  #isOverdue = false;

  constructor(private readonly now: () => number) {}

  /** Time after which the next event is overdue, ms. */
  get limit(): number {
    return staleAfter(this.pace);
  }

  /** A new stream is believed in, however long ago the last event of the one before it was. */
  begin(): void {
    this.#heardAt = this.now();
    this.#steadySince = Number.NEGATIVE_INFINITY;
    this.#isOverdue = false;
  }

  heard(): void {
    const now = this.now();
    if (this.#isLong(now - this.#heardAt)) this.#steadySince = now;
    this.#heardAt = now;
    this.#isOverdue = false;
  }

  /** By the timers, `limit` has passed: they go on where the clock is set back. */
  overdue(): void {
    this.#isOverdue = true;
  }

  /** What a device received before it slept is handed over when it wakes: an event just after a long silence proves nothing. */
  isStale(): boolean {
    const now = this.now();
    return this.#isOverdue || this.#isLong(now - this.#heardAt) || !this.#isLong(now - this.#steadySince);
  }

  /** After the clock was set back nothing is known. */
  #isLong(age: number): boolean {
    return age < 0 || age > this.limit;
  }
}

/** The stream, opened again whenever it ends, for as long as somebody listens. */
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
  ) {
    this.#freshness = new Freshness(parts.now ?? (() => Date.now()));
  }

  setPace(pace: number): void {
    this.#freshness.pace = pace;
  }

  open(): void {
    this.close();
    const { tab } = this.parts;
    const query = new URLSearchParams({ client: tab, ...(this.#lastEventId === '' ? {} : { lastEventId: this.#lastEventId }) });
    const source = this.parts.openStream(`/api/stream?${query.toString()}`);
    this.#source = source;
    source.addEventListener('open', () => {
      if (this.#source !== source) return;
      this.#heard(source);
      this.onOpen();
    });
    source.addEventListener('error', () => {
      if (this.#source === source && source.readyState === CLOSED) this.#later();
    });
    for (const name of [...REMOTE_EVENTS, 'gap']) {
      source.addEventListener(name, ({ data, lastEventId }) => {
        if (this.#source !== source) return;
        this.#heard(source);
        if (lastEventId !== undefined && lastEventId !== '') this.#lastEventId = lastEventId;
        this.onEvent(name, parse(data));
      });
    }
    this.#freshness.begin();
    this.#watch(source);
  }

  close(): void {
    this.#cancel();
    this.#source?.close();
    this.#source = null;
  }

  /** A phone that slept has a connection that nobody has told it is dead: the browser still takes it for open. */
  nudge(): void {
    if (this.#source === null || (this.#source.readyState !== CLOSED && !this.#freshness.isStale())) return;
    this.#attempt = 0;
    void this.#again();
  }

  #heard(source: EventStream): void {
    this.#attempt = 0;
    this.#freshness.heard();
    this.#watch(source);
  }

  #watch(source: EventStream): void {
    const { timers } = this.parts;
    const { limit } = this.#freshness;
    this.#cancel();
    this.#cancel = timers.after(limit, () => {
      this.#freshness.overdue();
      this.#cancel = timers.after(DEAD - limit, () => {
        if (this.#source === source) void this.#again();
      });
    });
  }

  #later(): void {
    this.#cancel();
    const pause = RETRY[Math.min(this.#attempt, RETRY.length - 1)] ?? 0;
    this.#attempt += 1;
    this.#cancel = this.parts.timers.after(pause, () => void this.#again());
  }

  /** The commonest reason for an end is an access token that has run out. Several reasons at a time are one attempt. */
  async #again(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    const source = this.#source;
    const renewed = await this.parts.renew();
    this.#isRenewing = false;
    if (this.#source === null || this.#source !== source || renewed === 'out') return;
    if (renewed === 'in') this.open();
    else this.#later();
  }
}

/** The update interval in an `appState`, ms; null in anything else. */
function paceIn(name: string, payload: unknown): number | null {
  if (name !== 'appState') return null;
  const seconds = (payload as { settings?: { lan?: { intervalSeconds?: unknown } } } | null)?.settings?.lan?.intervalSeconds;
  return typeof seconds === 'number' ? seconds * 1000 : null;
}

/** Names of events that were left out, where an event says so. */
function missedEvents(payload: unknown): readonly string[] {
  const events: unknown = typeof payload === 'object' && payload !== null && 'events' in payload ? payload.events : [];
  return Array.isArray(events) ? events.filter((name): name is string => typeof name === 'string') : [];
}

/** Makes the wire. Calls and the stream renew the session by themselves when it has run out. */
export function createHttpTransport(parts: HttpTransportParts): HttpTransport {
  const { http, renew, tab } = parts;
  const listeners = new Set<(name: string, payload: unknown) => void>();

  const call = async (name: string, input: unknown): Promise<Result<unknown>> => {
    // What is no call has no path either, and whatever the name holds it must not become one.
    if (!CALL_NAME.test(name)) return { ok: false, code: 'NotFound', message: 'no such call' };
    const ask = (): Promise<Result<unknown>> => http.post(`/api/call/${name}`, input, { 'x-traywatch-client': tab });
    const first = await ask();
    if (first.ok || first.code !== 'Unauthorized') return first;
    return (await renew()) === 'in' ? ask() : first;
  };

  const tell = (name: string, payload: unknown): void => {
    const pace = paceIn(name, payload);
    if (pace !== null) stream.setPace(pace);
    [...listeners].forEach((listener) => listener(name, payload));
  };
  // What is told as a whole each time can be asked for; batches are the feed's to miss.
  const askFor = (names: readonly string[]): void => {
    for (const name of names) void call(name, {}).then((answer) => answer.ok && tell(name, answer.value));
  };
  const onEvent = (name: string, payload: unknown): void => (name === 'gap' ? askFor(missedEvents(payload)) : tell(name, payload));
  const stream = new Stream(parts, onEvent, () => {
    // While there was no stream nobody said what changed.
    askFor(STATE_EVENTS);
    parts.onOpen();
  });

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
    nudge: () => stream.nudge(),
  };
}
