/** One viewer's stream: never holds more than what the socket has taken, and knows what it left out. */
import type { ServerResponse } from 'node:http';
import type { Identity } from '../auth-types';
import type { Place } from './frames';

/** What a viewer asked for when it came. */
export interface StreamWish {
  readonly identity: Identity;
  /** Unique per browser tab: what `watch` is kept under, and what a new stream of the same tab replaces. */
  readonly caller: string;
  readonly address: string;
  /** Seconds between two batches. */
  readonly interval: number;
}

/** What was left out while the socket took nothing. */
export interface Missed {
  /** Batches after this place were left out; null where none was sent before. */
  readonly batchesAfter: Place | null | undefined;
  readonly events: ReadonlySet<string>;
}

/** The writable end of a stream. */
export class StreamClient {
  /** The last batch handed to the socket, or the one the viewer named when it came back. */
  place: Place | null = null;
  /** What it missed is being sent; batches as they come wait until then. */
  replaying = false;
  ended = false;
  /** Nothing was written since the last heartbeat. */
  quiet = false;
  /** When the socket stopped taking more, monotonic ms; null while it takes. */
  blockedAt: number | null = null;
  #missedEvents: Set<string> | null = null;
  #missedBatches = false;
  #waiting: (() => void)[] | null = null;

  /** `onDrain` is called when the socket takes more after frames were left out. */
  constructor(
    readonly wish: StreamWish,
    /** Monotonic ms. */
    readonly since: number,
    private readonly response: ServerResponse,
    private readonly mono: () => number,
    onDrain: (missed: Missed) => void,
  ) {
    response.on('drain', () => {
      this.blockedAt = null;
      const missed = this.#takeMissed();
      if (missed !== null && !this.ended) onDrain(missed);
      this.#wake();
    });
  }

  /** Writes at once, whatever waits; for frames that are few and small, or follow a drain. False when the socket is full now. */
  write(frame: Buffer): boolean {
    if (this.ended) return false;
    this.quiet = false;
    const takes = this.response.write(frame);
    if (!takes) this.blockedAt ??= this.mono();
    return takes;
  }

  /** Sends a batch, unless the socket is full: then it is left out. */
  sendBatch(frame: Buffer, place: Place): void {
    if (this.blockedAt !== null) {
      this.#missedBatches = true;
      return;
    }
    this.place = place;
    this.write(frame);
  }

  /** Sends an event, unless the socket is full: then its name is kept. */
  sendEvent(name: string, frame: Buffer): void {
    if (this.blockedAt === null) this.write(frame);
    else (this.#missedEvents ??= new Set()).add(name);
  }

  /** Resolves when the socket takes more, or the stream has ended. */
  async drained(): Promise<void> {
    while (this.blockedAt !== null && !this.ended) {
      await new Promise<void>((resolve) => {
        (this.#waiting ??= []).push(resolve);
      });
    }
  }

  /** Ends the stream; `now` without waiting for what the socket still holds. */
  end(now: boolean): void {
    if (this.ended) return;
    this.close();
    if (now) this.response.destroy();
    else this.response.end();
  }

  /** The connection is gone. */
  close(): void {
    this.ended = true;
    this.#wake();
  }

  #takeMissed(): Missed | null {
    if (!this.#missedBatches && this.#missedEvents === null) return null;
    const missed = { batchesAfter: this.#missedBatches ? this.place : undefined, events: this.#missedEvents ?? new Set<string>() };
    this.#missedBatches = false;
    this.#missedEvents = null;
    return missed;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.forEach((resolve) => resolve());
  }
}
