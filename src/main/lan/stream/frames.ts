/** Server-sent events as bytes. Pure. See https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { SampleBatch } from '../../../shared/metrics/reading';

/** Position of a client in the stream: run of the app, last batch received, and that batch's time. */
export interface StreamPosition {
  /** Id of the run of the app: sequence numbers begin again with each. */
  readonly runId: string;
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** The id of an event, which a client sends back as Last-Event-ID. */
export function formatId({ runId, seq, time }: StreamPosition): string {
  return `${runId}:${seq}:${time}`;
}

/** The position of an id; null when it is not valid. */
export function parseId(id: string): StreamPosition | null {
  const found = /^([a-z0-9]{1,20}):(\d{1,15}):(\d{1,15})$/.exec(id);
  return found === null ? null : { runId: found[1] ?? '', seq: Number(found[2]), time: Number(found[3]) };
}

/** One event. `data` is JSON, which has no line breaks; an event without an id leaves the client's position unchanged. */
export function toFrame(event: string, data: string, id?: string): Buffer {
  return Buffer.from(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`);
}

/** One batch; its id is the client's new position. */
export function batchFrame(batch: SampleBatch, runId: string): Buffer {
  return toFrame('batch', JSON.stringify(batch), formatId({ runId, seq: batch.seq, time: batch.time }));
}

/** A comment line that keeps the connection alive. */
export const HEARTBEAT = Buffer.from(': \n\n');

/** What a client missed and has to query: batches after `from` up to `to`, and the names of events that were not sent. */
export interface StreamGap {
  readonly reason: 'slow' | 'away';
  /** Epoch milliseconds: the last batch before the gap (null where that is not known) and the first after it. */
  readonly from: number | null;
  readonly to: number;
  readonly events: readonly string[];
}

/** The event that reports a gap. */
export function gapFrame(gap: StreamGap): Buffer {
  return toFrame('gap', JSON.stringify(gap));
}
