/** Live push to viewers: one serialisation for all, nothing kept for those that do not read. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { EVENTS } from '../../../shared/api/contract';
import type { LiveConnection } from '../../access/connected-clients';
import type { AccessLevel, EventName, EventPayload } from '../../../shared/api/contract';
import type { SampleBatch, Snapshot } from '../../../shared/metrics/reading';
import type { Clock, Timers } from '../../engine/clock';
import type { Role } from '../../access/identity';
import { StreamClient } from './stream-client';
import type { SkippedFrames, StreamHost, StreamRequest } from './stream-client';
import { snapshotBatch } from './coalesce';
import { batchFrame, gapFrame, HEARTBEAT, toFrame } from './frames';
import type { StreamPosition } from './frames';
import { StreamGroups } from './groups';
import { PresenceTracker } from './presence';

/** Pause between two heartbeats, ms. */
const HEARTBEAT_EVERY = 15_000;
/** A viewer that takes nothing for so long is dropped at the next heartbeat, ms. */
const MAX_BLOCKED = 45_000;
/** A stream ends at this age; the viewer comes back and is asked again who it is. Until then a silent one may linger, ms. */
const MAX_AGE = 15 * 60_000;
/** Viewers whose missed batches are sent at the same time; the others wait. */
const MAX_RESUMING = 4;
/** Tells browsers how soon to come back, ms. */
const GREETING = Buffer.from('retry: 2000\n\n');

/** Batches after a place, oldest first; not complete when some of them are no longer at hand. */
export interface ResumeResult {
  readonly batches: readonly SampleBatch[];
  readonly complete: boolean;
}

/** What the stream is built from. */
export interface StreamServerParts {
  readonly clock: Pick<Clock, 'mono' | 'now'>;
  readonly timers: Timers;
  /** Of this run of the app. */
  readonly run: string;
  /** Streams of one device, account or token. */
  readonly perIdentity: number;
  snapshot(): Snapshot;
  resume(after: StreamPosition): ResumeResult;
  /** Called when the number of viewers changed. */
  onCount(count: number): void;
  /** A viewer's stream has ended. */
  onGone(caller: string): void;
}

/** The push. */
export interface StreamServer {
  /** False when this identity has as many streams as it may; a tab's own earlier stream does not count. */
  hasRoom(request: Pick<StreamRequest, 'identity' | 'caller'>): boolean;
  /** Sends to the socket of a response whose head is written; `last` is the place a viewer came back with. */
  open(response: ServerResponse, socket: Socket, request: StreamRequest, last: StreamPosition | null): void;
  onBatch(batch: SampleBatch): void;
  push<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** Ends every stream of a device, account or token at once. */
  revoke(identity: string): void;
  connections(): readonly LiveConnection[];
  close(): void;
}

const accessOf = (name: EventName): AccessLevel => EVENTS[name].access;

function mayHear(role: Role, name: EventName): boolean {
  const access = accessOf(name);
  return access === 'viewer' || (access === 'admin' && role === 'admin');
}

class SseStreamServer implements StreamServer {
  /** By their responses, so that one listener serves all. */
  readonly #clients = new Map<ServerResponse, StreamClient>();
  readonly #groups: StreamGroups;
  readonly #presence: PresenceTracker;
  readonly #host: StreamHost;
  readonly #onClose: (this: ServerResponse) => void;
  #resuming = 0;
  readonly #queue: (() => void)[] = [];
  #whole: { seq: number; frame: Buffer } | null = null;
  #cancelHeartbeat: (() => void) | null = null;

  constructor(private readonly parts: StreamServerParts) {
    this.#groups = new StreamGroups(parts.run);
    this.#presence = new PresenceTracker(() => parts.clock.mono());
    this.#host = { mono: () => parts.clock.mono(), onMissed: (client, missed) => this.#catchUp(client, missed) };
    const gone = (response: ServerResponse): void => this.#gone(response);
    this.#onClose = function onClose() {
      gone(this);
    };
  }

  hasRoom({ identity, caller }: Pick<StreamRequest, 'identity' | 'caller'>): boolean {
    let open = 0;
    for (const { request } of this.#clients.values()) if (request.identity.id === identity.id && request.caller !== caller) open += 1;
    return open < this.parts.perIdentity;
  }

  open(response: ServerResponse, socket: Socket, request: StreamRequest, last: StreamPosition | null): void {
    // A dead connection of the same tab would linger until the system gives it up.
    for (const [other, client] of this.#clients) if (client.request.caller === request.caller) this.#drop(other, true);
    const client = new StreamClient(request, this.#host.mono(), socket, this.#host);
    this.#clients.set(response, client);
    this.#groups.add(client);
    this.#presence.join(request.identity.id);
    // A socket that breaks is closed next; without a listener its error would be everybody's.
    response.on('close', this.#onClose).on('error', this.#onClose);
    client.write(GREETING);
    client.position = last;
    if (last === null) this.#sendWhole(client);
    else void this.#resumeFrom(client, last);
    this.#cancelHeartbeat ??= this.parts.timers.after(HEARTBEAT_EVERY, this.#heartbeat);
    this.parts.onCount(this.#clients.size);
  }

  onBatch(batch: SampleBatch): void {
    this.#whole = null;
    this.#groups.onBatch(batch);
  }

  push<N extends EventName>(name: N, payload: EventPayload<N>): void {
    const hearing = [...this.#clients.values()].filter(({ request }) => mayHear(request.identity.role, name));
    if (hearing.length === 0) return;
    const frame = toFrame(name, JSON.stringify(payload));
    for (const client of hearing) client.sendEvent(name, frame);
  }

  revoke(identity: string): void {
    for (const [response, { request }] of this.#clients) if (request.identity.id === identity) this.#drop(response, true);
  }

  connections(): readonly LiveConnection[] {
    const { clock } = this.parts;
    const epoch = clock.now() - clock.mono();
    return [...this.#clients.values()].map(({ since, request: { identity, address, interval } }) => ({
      identity: identity.id,
      name: identity.name,
      role: identity.role,
      isToken: identity.scopes !== null,
      address,
      interval,
      since: epoch + (this.#presence.since(identity.id) ?? since),
    }));
  }

  close(): void {
    for (const response of this.#clients.keys()) this.#drop(response, false);
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = null;
  }

  /** Everything known, and with it a new place. */
  #sendWhole(client: StreamClient): void {
    const { run } = this.parts;
    const snapshot = this.parts.snapshot();
    if (snapshot.seq === 0) return;
    if (this.#whole?.seq !== snapshot.seq) this.#whole = { seq: snapshot.seq, frame: batchFrame(snapshotBatch(snapshot), run) };
    client.position = { run, seq: snapshot.seq, time: snapshot.time };
    client.write(this.#whole.frame);
  }

  #catchUp(client: StreamClient, { batchesAfter, events }: SkippedFrames): void {
    const { time } = this.parts.snapshot();
    client.write(gapFrame({ reason: 'slow', from: batchesAfter === undefined ? time : (batchesAfter?.time ?? null), to: time, events: [...events] }));
    if (batchesAfter !== undefined) this.#sendWhole(client);
  }

  /** Sends what came since a viewer's place until nothing is missing; where that cannot be, says so and begins anew. */
  async #resumeFrom(client: StreamClient, from: StreamPosition): Promise<void> {
    client.catchingUp = true;
    await this.#resumeTurn();
    try {
      for (let at = from; !client.ended; ) {
        const { batches, complete } = this.parts.resume(at);
        if (!complete) {
          client.write(gapFrame({ reason: 'away', from: at.time, to: this.parts.snapshot().time, events: [] }));
          this.#sendWhole(client);
        }
        const latest = batches.at(-1);
        if (!complete || latest === undefined) break;
        const waited = await this.#writeAll(client, batches);
        at = { run: this.parts.run, seq: latest.seq, time: latest.time };
        client.position = at;
        // Nothing can have come meanwhile.
        if (!waited) break;
      }
    } finally {
      client.catchingUp = false;
      this.#resuming -= 1;
      this.#queue.shift()?.();
    }
  }

  /** Writes batches as fast as the viewer reads; true when it had to be waited for. */
  async #writeAll(client: StreamClient, batches: readonly SampleBatch[]): Promise<boolean> {
    let waited = false;
    for (const batch of batches) {
      if (client.write(batchFrame(batch, this.parts.run))) continue;
      waited = true;
      await client.drained();
      if (client.ended) break;
    }
    return waited;
  }

  async #resumeTurn(): Promise<void> {
    if (this.#resuming >= MAX_RESUMING) {
      await new Promise<void>((resolve) => {
        this.#queue.push(resolve);
      });
    }
    this.#resuming += 1;
  }

  readonly #heartbeat = (): void => {
    this.#cancelHeartbeat = this.#clients.size === 0 ? null : this.parts.timers.after(HEARTBEAT_EVERY, this.#heartbeat);
    const now = this.parts.clock.mono();
    for (const [response, client] of this.#clients) {
      if (client.blockedAt !== null && now - client.blockedAt >= MAX_BLOCKED) this.#drop(response, true);
      else if (now - client.since >= MAX_AGE) this.#drop(response, client.blockedAt !== null);
      else if (client.quiet && client.blockedAt === null) client.write(HEARTBEAT);
      client.quiet = true;
    }
  };

  #drop(response: ServerResponse, now: boolean): void {
    this.#clients.get(response)?.end(now);
    this.#gone(response);
  }

  #gone(response: ServerResponse): void {
    const client = this.#clients.get(response);
    if (client === undefined) return;
    client.close();
    this.#clients.delete(response);
    this.#groups.remove(client);
    this.#presence.leave(client.request.identity.id);
    this.parts.onGone(client.request.caller);
    this.parts.onCount(this.#clients.size);
  }
}

/** Builds the push; nothing runs while nobody watches. */
export function createStreamServer(parts: StreamServerParts): StreamServer {
  return new SseStreamServer(parts);
}
