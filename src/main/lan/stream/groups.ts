/** Clients grouped by interval: each batch, or merged batch, is serialized once per group. */
import type { SampleBatch } from '../../../shared/metrics/reading';
import type { StreamClient } from './stream-client';
import { coalesce, toBatch } from '../../engine/coalesce';
import type { CoalescedBatch } from '../../engine/coalesce';
import { batchFrame } from './frames';

/** Batches may be a little early or late; a merged batch is not delayed by a whole second for that, ms. */
const SLACK = 500;

interface IntervalGroup {
  /** Milliseconds. */
  readonly interval: number;
  readonly clients: Set<StreamClient>;
  pending: CoalescedBatch | null;
  /** Time of the batch last sent, epoch ms; the first is sent at once. */
  sentAt: number;
}

/** True when batches are sent without merging. */
const isEvery = (interval: number): boolean => interval <= 1000 + SLACK;

/** Sends batches to the clients of each group. */
export class StreamGroups {
  readonly #groups = new Map<number, IntervalGroup>();

  constructor(private readonly runId: string) {}

  add(client: StreamClient): void {
    const interval = client.request.interval * 1000;
    const group = this.#groups.get(interval) ?? { interval, clients: new Set(), pending: null, sentAt: -Infinity };
    this.#groups.set(interval, group);
    group.clients.add(client);
  }

  remove(client: StreamClient): void {
    const group = this.#groups.get(client.request.interval * 1000);
    if (group?.clients.delete(client) === true && group.clients.size === 0) this.#groups.delete(group.interval);
  }

  /** Sends the batch, or merges it until a group's interval has passed. */
  onBatch(batch: SampleBatch): void {
    for (const group of this.#groups.values()) {
      const next = isEvery(group.interval) ? batch : this.#coalesceInto(group, batch);
      if (next !== null) this.#send(group, next);
    }
  }

  #coalesceInto(group: IntervalGroup, batch: SampleBatch): SampleBatch | null {
    group.pending = coalesce(group.pending, batch);
    const passed = batch.time - group.sentAt;
    // A clock that was set back must not stop the stream.
    if (passed >= 0 && passed < group.interval - SLACK) return null;
    const next = toBatch(group.pending);
    group.pending = null;
    group.sentAt = batch.time;
    return next;
  }

  #send(group: IntervalGroup, batch: SampleBatch): void {
    const frame = batchFrame(batch, this.runId);
    const position = { runId: this.runId, seq: batch.seq, time: batch.time };
    for (const client of group.clients) if (!client.catchingUp) client.sendBatch(frame, position);
  }
}
