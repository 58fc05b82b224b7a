/** The stream of one client: buffers nothing beyond the socket, and records what was left out. */
import type { Socket } from 'node:net';
import type { ClientIdentity } from '../../access/identity';
import type { StreamPosition } from './frames';

/** A request for a stream. */
export interface StreamRequest {
  readonly identity: ClientIdentity;
  /** Id of the browser tab: its viewed families are stored under it, and a new stream of the same tab replaces the old one. */
  readonly caller: string;
  readonly address: string;
  /** Seconds between two batches. */
  readonly interval: number;
}

/** What was left out while the socket was full. */
export interface SkippedFrames {
  /** Batches after this position were left out: null when none was sent before, undefined when none was left out. */
  readonly batchesAfter: StreamPosition | null | undefined;
  readonly events: ReadonlySet<string>;
}

/** What all clients share. */
export interface StreamHost {
  /** Monotonic ms. */
  mono(): number;
  /** Called when the socket has drained after frames were left out. */
  onSkipped(client: StreamClient, skipped: SkippedFrames): void;
}

/**
 * The writable end of a stream. Frames are written to the socket directly, whose HTTP head is already sent: a response
 * object would defer each write and do more accounting. Little is allocated per client, as there may be thousands.
 */
export class StreamClient {
  /** The last batch written to the socket, or the one named in the request. */
  position: StreamPosition | null = null;
  /** Missed batches are being sent; new ones wait until then. */
  catchingUp = false;
  ended = false;
  /** Nothing was written since the last heartbeat. */
  quiet = false;
  /** When the socket became full, monotonic ms; null while it accepts data. */
  blockedAt: number | null = null;
  #skippedEvents: Set<string> | null = null;
  #skippedBatches = false;
  #drainWaiters: (() => void)[] | null = null;

  constructor(
    readonly request: StreamRequest,
    /** Monotonic ms. */
    readonly since: number,
    private readonly socket: Socket,
    private readonly host: StreamHost,
  ) {}

  /** Writes at once, even to a full socket; for few and small frames, or after a drain. False when the socket is full now. */
  write(frame: Buffer): boolean {
    if (this.ended) return false;
    this.quiet = false;
    const hasRoom = this.socket.write(frame);
    if (!hasRoom && this.blockedAt === null) {
      this.blockedAt = this.host.mono();
      this.socket.once('drain', () => this.#onDrain());
    }
    return hasRoom;
  }

  /** Sends a batch; leaves it out when the socket is full. */
  sendBatch(frame: Buffer, position: StreamPosition): void {
    if (this.blockedAt !== null) {
      this.#skippedBatches = true;
      return;
    }
    this.position = position;
    this.write(frame);
  }

  /** Sends an event; when the socket is full only its name is recorded. */
  sendEvent(name: string, frame: Buffer): void {
    if (this.blockedAt === null) this.write(frame);
    else (this.#skippedEvents ??= new Set()).add(name);
  }

  /** Resolves when the socket accepts data, or the stream has ended. */
  async drained(): Promise<void> {
    while (this.blockedAt !== null && !this.ended) {
      await new Promise<void>((resolve) => {
        (this.#drainWaiters ??= []).push(resolve);
      });
    }
  }

  /** Ends the stream; `now`: without waiting for what the socket still holds. */
  end(now: boolean): void {
    if (this.ended) return;
    this.close();
    if (now) this.socket.destroy();
    else this.socket.destroySoon();
  }

  /** Called when the connection is closed. */
  close(): void {
    this.ended = true;
    this.#resolveWaiters();
  }

  #onDrain(): void {
    this.blockedAt = null;
    const skipped = this.#takeSkipped();
    if (skipped !== null && !this.ended) this.host.onSkipped(this, skipped);
    this.#resolveWaiters();
  }

  #takeSkipped(): SkippedFrames | null {
    if (!this.#skippedBatches && this.#skippedEvents === null) return null;
    const skipped = { batchesAfter: this.#skippedBatches ? this.position : undefined, events: this.#skippedEvents ?? new Set<string>() };
    this.#skippedBatches = false;
    this.#skippedEvents = null;
    return skipped;
  }

  #resolveWaiters(): void {
    const waiters = this.#drainWaiters;
    this.#drainWaiters = null;
    waiters?.forEach((resolve) => resolve());
  }
}
