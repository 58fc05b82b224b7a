/** Viewers by the interval they asked for: each batch, or each fold of batches, becomes bytes once per interval. */
import type { SampleBatch } from '../../../shared/metrics/reading';
import type { StreamClient } from './stream-client';
import { coalesce, toBatch } from './coalesce';
import type { CoalescedBatch } from './coalesce';
import { batchFrame } from './frames';

/** Batches come a little early or late; a fold is not held back a whole second for that, ms. */
const SLACK = 500;

interface IntervalGroup {
  /** Milliseconds. */
  readonly interval: number;
  readonly clients: Set<StreamClient>;
  fold: CoalescedBatch | null;
  /** Time of the batch last sent, epoch ms; the first is sent at once. */
  sentAt: number;
}

/** True when every batch is sent by itself. */
const isEvery = (interval: number): boolean => interval <= 1000 + SLACK;

/** Hands batches to viewers. */
export class StreamGroups {
  readonly #groups = new Map<number, IntervalGroup>();

  constructor(private readonly run: string) {}

  add(client: StreamClient): void {
    const interval = client.request.interval * 1000;
    const group = this.#groups.get(interval) ?? { interval, clients: new Set(), fold: null, sentAt: -Infinity };
    this.#groups.set(interval, group);
    group.clients.add(client);
  }

  remove(client: StreamClient): void {
    const group = this.#groups.get(client.request.interval * 1000);
    if (group?.clients.delete(client) === true && group.clients.size === 0) this.#groups.delete(group.interval);
  }

  /** Sends the batch, or keeps it until a group's time has come. */
  onBatch(batch: SampleBatch): void {
    for (const group of this.#groups.values()) {
      const next = isEvery(group.interval) ? batch : this.#folded(group, batch);
      if (next !== null) this.#send(group, next);
    }
  }

  #folded(group: IntervalGroup, batch: SampleBatch): SampleBatch | null {
    group.fold = coalesce(group.fold, batch);
    const passed = batch.time - group.sentAt;
    // A clock put back must not silence anybody.
    if (passed >= 0 && passed < group.interval - SLACK) return null;
    const next = toBatch(group.fold);
    group.fold = null;
    group.sentAt = batch.time;
    return next;
  }

  #send(group: IntervalGroup, batch: SampleBatch): void {
    const frame = batchFrame(batch, this.run);
    const position = { run: this.run, seq: batch.seq, time: batch.time };
    for (const client of group.clients) if (!client.catchingUp) client.sendBatch(frame, position);
  }
}
