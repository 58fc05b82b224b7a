/** One viewer's stream: never holds more than what the socket has taken, and knows what it left out. */
import type { Socket } from 'node:net';
import type { ClientIdentity } from '../../access/identity';
import type { StreamPosition } from './frames';

/** What a viewer asked for when it came. */
export interface StreamRequest {
  readonly identity: ClientIdentity;
  /** Unique per browser tab: what `watch` is kept under, and what a new stream of the same tab replaces. */
  readonly caller: string;
  readonly address: string;
  /** Seconds between two batches. */
  readonly interval: number;
}

/** What was left out while the socket took nothing. */
export interface SkippedFrames {
  /** Batches after this place were left out; null where none was sent before. */
  readonly batchesAfter: StreamPosition | null | undefined;
  readonly events: ReadonlySet<string>;
}

/** What all viewers' streams have in common. */
export interface StreamHost {
  /** Monotonic ms. */
  mono(): number;
  /** The socket takes more after frames were left out. */
  onMissed(client: StreamClient, missed: SkippedFrames): void;
}

/**
 * The writable end of a stream. Frames go straight to the socket, whose head is written: the response would put each off
 * to a later turn and keep books on it. Nothing here is made for each viewer that all can share: thousands may watch.
 */
export class StreamClient {
  /** The last batch handed to the socket, or the one the viewer named when it came back. */
  position: StreamPosition | null = null;
  /** What it missed is being sent; batches as they come wait until then. */
  catchingUp = false;
  ended = false;
  /** Nothing was written since the last heartbeat. */
  quiet = false;
  /** When the socket stopped taking more, monotonic ms; null while it takes. */
  blockedAt: number | null = null;
  #missedEvents: Set<string> | null = null;
  #missedBatches = false;
  #waiting: (() => void)[] | null = null;

  constructor(
    readonly request: StreamRequest,
    /** Monotonic ms. */
    readonly since: number,
    private readonly socket: Socket,
    private readonly host: StreamHost,
  ) {}

  /** Writes at once, whatever waits; for frames that are few and small, or follow a drain. False when the socket is full now. */
  write(frame: Buffer): boolean {
    if (this.ended) return false;
    this.quiet = false;
    const takes = this.socket.write(frame);
    if (!takes && this.blockedAt === null) {
      this.blockedAt = this.host.mono();
      this.socket.once('drain', () => this.#drained());
    }
    return takes;
  }

  /** Sends a batch, unless the socket is full: then it is left out. */
  sendBatch(frame: Buffer, position: StreamPosition): void {
    if (this.blockedAt !== null) {
      this.#missedBatches = true;
      return;
    }
    this.position = position;
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
    if (now) this.socket.destroy();
    else this.socket.destroySoon();
  }

  /** The connection is gone. */
  close(): void {
    this.ended = true;
    this.#wake();
  }

  #drained(): void {
    this.blockedAt = null;
    const missed = this.#takeMissed();
    if (missed !== null && !this.ended) this.host.onMissed(this, missed);
    this.#wake();
  }

  #takeMissed(): SkippedFrames | null {
    if (!this.#missedBatches && this.#missedEvents === null) return null;
    const missed = { batchesAfter: this.#missedBatches ? this.position : undefined, events: this.#missedEvents ?? new Set<string>() };
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
