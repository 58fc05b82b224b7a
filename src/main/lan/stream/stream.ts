/** Live push by server-sent events: each frame is serialized once for all clients, and nothing is buffered for slow ones. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { EVENTS } from '../../../shared/api/contract';
import type { LiveConnection } from '../../access/connected-clients';
import type { AccessLevel, EventName, EventPayload } from '../../../shared/api/contract';
import type { SampleBatch, Snapshot } from '../../../shared/metrics/reading';
import type { Clock, Timers } from '../../engine/clock';
import { holderOf } from '../../access/identity';
import type { Role } from '../../access/identity';
import type { RemoteView } from '../remote-view';
import { StreamClient } from './stream-client';
import type { SkippedFrames, StreamHost, StreamRequest } from './stream-client';
import { snapshotBatch } from '../../engine/coalesce';
import { batchFrame, gapFrame, HEARTBEAT, toFrame } from './frames';
import type { StreamPosition } from './frames';
import { StreamGroups } from './groups';
import { PresenceTracker } from './presence';
import { createResumeTurns } from './resume-turns';
import type { ResumeTurns } from './resume-turns';

/** Interval of heartbeats, ms. */
const HEARTBEAT_INTERVAL = 15_000;
/** A client that reads nothing for so long is dropped at the next heartbeat, ms. */
const MAX_BLOCKED = 45_000;
/** A stream ends at this age, ms, so that the client authenticates again; until then a lost connection may stay listed. */
const MAX_AGE = 15 * 60_000;
/** Clients that are sent missed batches at the same time, one of each holder: others wait. What they are sent is in memory until they have read it. */
const MAX_RESUMING = 4;
/** The reconnection delay for browsers, ms. */
const GREETING = Buffer.from('retry: 2000\n\n');

/** Batches after a position, oldest first; not complete when some are no longer available. */
export interface ResumeResult {
  readonly batches: readonly SampleBatch[];
  readonly complete: boolean;
}

/** What the stream server is built from. */
export interface StreamServerParts {
  readonly clock: Pick<Clock, 'mono' | 'now'>;
  readonly timers: Timers;
  /** Id of this run of the app. */
  readonly runId: string;
  /** Open streams allowed for one device or API token. */
  readonly perIdentity: number;
  /** What clients see of each event; one that is not named is not pushed. */
  readonly view: RemoteView['events'];
  snapshot(): Snapshot;
  resume(after: StreamPosition): ResumeResult;
  /** Called when the number of streams has changed. */
  onCount(count: number): void;
  /** Called when a stream has ended. */
  onGone(caller: string): void;
}

/** The streams of all clients. */
export interface StreamServer {
  /** False when this identity has as many streams as allowed; an earlier stream of the same tab does not count. */
  hasRoom(request: Pick<StreamRequest, 'identity' | 'caller'>): boolean;
  /** Starts a stream on the socket of a response whose head is sent; `last` is the position a client resumes from. */
  open(response: ServerResponse, socket: Socket, request: StreamRequest, last: StreamPosition | null): void;
  onBatch(batch: SampleBatch): void;
  push<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** Ends every stream of a device or API token at once. */
  revoke(identity: string): void;
  connections(): readonly LiveConnection[];
  close(): void;
}

const accessOf = (name: EventName): AccessLevel => EVENTS[name].access;

function canReceive(role: Role, name: EventName): boolean {
  const access = accessOf(name);
  return access === 'viewer' || (access === 'admin' && role === 'admin');
}

class SseStreamServer implements StreamServer {
  /** By response, so that one listener function serves all. */
  readonly #clients = new Map<ServerResponse, StreamClient>();
  readonly #groups: StreamGroups;
  readonly #presence: PresenceTracker;
  readonly #host: StreamHost;
  readonly #onClose: (this: ServerResponse) => void;
  readonly #resuming: ResumeTurns;
  #snapshotFrame: { seq: number; frame: Buffer } | null = null;
  #cancelHeartbeat: (() => void) | null = null;

  constructor(private readonly parts: StreamServerParts) {
    this.#groups = new StreamGroups(parts.runId);
    this.#resuming = createResumeTurns(MAX_RESUMING, parts.timers);
    this.#presence = new PresenceTracker(() => parts.clock.mono());
    this.#host = { mono: () => parts.clock.mono(), onSkipped: (client, skipped) => this.#catchUp(client, skipped) };
    const remove = (response: ServerResponse): void => this.#remove(response);
    this.#onClose = function onClose() {
      remove(this);
    };
  }

  hasRoom({ identity, caller }: Pick<StreamRequest, 'identity' | 'caller'>): boolean {
    let open = 0;
    for (const { request } of this.#clients.values()) if (request.identity.id === identity.id && request.caller !== caller) open += 1;
    return open < this.parts.perIdentity;
  }

  open(response: ServerResponse, socket: Socket, request: StreamRequest, last: StreamPosition | null): void {
    // A dead connection of the same tab would stay until the system gives it up.
    for (const [other, client] of this.#clients) if (client.request.caller === request.caller) this.#drop(other, true);
    const client = new StreamClient(request, this.#host.mono(), socket, this.#host);
    this.#clients.set(response, client);
    this.#groups.add(client);
    this.#presence.join(request.identity.id);
    // A broken socket is closed next; without a listener its error would end the process.
    response.on('close', this.#onClose).on('error', this.#onClose);
    client.write(GREETING);
    client.position = last;
    if (last === null) this.#sendSnapshot(client);
    else void this.#resumeFrom(client, last);
    this.#cancelHeartbeat ??= this.parts.timers.after(HEARTBEAT_INTERVAL, this.#heartbeat);
    this.parts.onCount(this.#clients.size);
  }

  onBatch(batch: SampleBatch): void {
    this.#snapshotFrame = null;
    this.#groups.onBatch(batch);
  }

  push<N extends EventName>(name: N, payload: EventPayload<N>): void {
    const frames = new Map<Role, Buffer | null>();
    for (const client of this.#clients.values()) {
      const { role } = client.request.identity;
      if (!canReceive(role, name)) continue;
      if (!frames.has(role)) frames.set(role, this.#frameFor(name, payload, role));
      const frame = frames.get(role) ?? null;
      if (frame !== null) client.sendEvent(name, frame);
    }
  }

  revoke(identity: string): void {
    for (const [response, { request }] of this.#clients) if (request.identity.id === identity) this.#drop(response, true);
  }

  connections(): readonly LiveConnection[] {
    const { clock } = this.parts;
    const epochOffset = clock.now() - clock.mono();
    return [...this.#clients.values()].map(({ since, request: { identity, address, interval } }) => ({
      identity: identity.id,
      name: identity.name,
      role: identity.role,
      isToken: identity.scopes !== null,
      address,
      interval,
      since: epochOffset + (this.#presence.since(identity.id) ?? since),
    }));
  }

  close(): void {
    for (const response of this.#clients.keys()) this.#drop(response, false);
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = null;
  }

  /** The event as clients of a role see it; null where they do not. */
  #frameFor<N extends EventName>(name: N, payload: EventPayload<N>, role: Role): Buffer | null {
    const shown = this.parts.view[name]?.(payload, role) ?? null;
    return shown === null ? null : toFrame(name, JSON.stringify(shown));
  }

  /** Sends the snapshot, which sets a new position. */
  #sendSnapshot(client: StreamClient): void {
    const { runId } = this.parts;
    const snapshot = this.parts.snapshot();
    if (snapshot.seq === 0) return;
    if (this.#snapshotFrame?.seq !== snapshot.seq) this.#snapshotFrame = { seq: snapshot.seq, frame: batchFrame(snapshotBatch(snapshot), runId) };
    client.position = { runId, seq: snapshot.seq, time: snapshot.time };
    client.write(this.#snapshotFrame.frame);
  }

  #catchUp(client: StreamClient, { batchesAfter, events }: SkippedFrames): void {
    const { time } = this.parts.snapshot();
    client.write(gapFrame({ reason: 'slow', from: batchesAfter === undefined ? time : (batchesAfter?.time ?? null), to: time, events: [...events] }));
    if (batchesAfter !== undefined) this.#sendSnapshot(client);
  }

  /** Sends the batches since a position until none is missing; where that is not possible, or not soon, a gap and the snapshot. */
  async #resumeFrom(client: StreamClient, from: StreamPosition): Promise<void> {
    client.catchingUp = true;
    const holder = holderOf(client.request.identity);
    if (!(await this.#resuming.begin(holder))) {
      client.catchingUp = false;
      this.#skipTo(client, from);
      return;
    }
    try {
      for (let position = from; !client.ended; ) {
        const { batches, complete } = this.parts.resume(position);
        if (!complete) this.#skipTo(client, position);
        const latest = batches.at(-1);
        if (!complete || latest === undefined) break;
        const waited = await this.#writeAll(client, batches);
        position = { runId: this.parts.runId, seq: latest.seq, time: latest.time };
        client.position = position;
        // Without waiting, no batch can have been published meanwhile.
        if (!waited) break;
      }
    } finally {
      client.catchingUp = false;
      this.#resuming.end(holder);
    }
  }

  /** Tells of the gap since a position, and sends the latest state. */
  #skipTo(client: StreamClient, from: StreamPosition): void {
    client.write(gapFrame({ reason: 'away', from: from.time, to: this.parts.snapshot().time, events: [] }));
    this.#sendSnapshot(client);
  }

  /** Writes batches as fast as the client reads; true when it had to wait. */
  async #writeAll(client: StreamClient, batches: readonly SampleBatch[]): Promise<boolean> {
    let waited = false;
    for (const batch of batches) {
      if (client.write(batchFrame(batch, this.parts.runId))) continue;
      waited = true;
      await client.drained();
      if (client.ended) break;
    }
    return waited;
  }

  readonly #heartbeat = (): void => {
    this.#cancelHeartbeat = this.#clients.size === 0 ? null : this.parts.timers.after(HEARTBEAT_INTERVAL, this.#heartbeat);
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
    this.#remove(response);
  }

  #remove(response: ServerResponse): void {
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

/** Creates the stream server; nothing runs without clients. */
export function createStreamServer(parts: StreamServerParts): StreamServer {
  return new SseStreamServer(parts);
}
