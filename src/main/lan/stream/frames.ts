/** Server-sent events as bytes. Pure. See https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { SampleBatch } from '../../../shared/metrics/reading';

/** Where a viewer stands: which run of the app, the last batch of it, and that batch's time. */
export interface StreamPosition {
  /** Tells runs of the app apart: numbers of batches begin again with each. */
  readonly run: string;
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** The id of an event: what a viewer sends back as Last-Event-ID. */
export function formatId({ run, seq, time }: StreamPosition): string {
  return `${run}:${seq}:${time}`;
}

/** The place an id stands for, or null when it is none of ours. */
export function parseId(id: string): StreamPosition | null {
  const found = /^([a-z0-9]{1,20}):(\d{1,15}):(\d{1,15})$/.exec(id);
  return found === null ? null : { run: found[1] ?? '', seq: Number(found[2]), time: Number(found[3]) };
}

/** One event. `data` is JSON, which has no line breaks of its own; an event without an id leaves the viewer's place alone. */
export function toFrame(event: string, data: string, id?: string): Buffer {
  return Buffer.from(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`);
}

/** One batch; its id is the viewer's new place. */
export function batchFrame(batch: SampleBatch, run: string): Buffer {
  return toFrame('batch', JSON.stringify(batch), formatId({ run, seq: batch.seq, time: batch.time }));
}

/** A line that keeps the connection alive and that viewers do not see. */
export const HEARTBEAT = Buffer.from(': \n\n');

/** What a viewer missed, to be asked for: batches after `from` up to `to`, and the names of events that were not sent. */
export interface StreamGap {
  readonly reason: 'slow' | 'away';
  /** Epoch milliseconds: the last batch before the gap (null where that is not known) and the first after it. */
  readonly from: number | null;
  readonly to: number;
  readonly events: readonly string[];
}

/** The marker of a gap. */
export function gapFrame(gap: StreamGap): Buffer {
  return toFrame('gap', JSON.stringify(gap));
}
