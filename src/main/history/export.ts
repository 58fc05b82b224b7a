/** Exports series to a CSV or JSON file, in queries so short that nothing else has to wait. */
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { SeriesKey } from '../../shared/metrics/index';
import { CSV_HEAD, JSON_SERIES_TAIL, JSON_TAIL, jsonHead, jsonSeriesHead, toCsvRows, toJsonPoints } from '../../shared/series/export-text';
import type { ExportFormat } from '../../shared/series/export-text';
import { queryWindows } from '../engine/series/query-windows';
import type { QueryWindow } from '../engine/series/query-windows';
import type { SeriesPoints } from '../../shared/series/types';
import type { Store } from '../engine/store/store-types';
import { writeViaPartialFile } from '../lib/partial-file';
import type { TaskHandle } from './background-tasks';

/** Characters buffered before they are written. */
const BUFFER_LENGTH = 64 * 1024;

/** What is exported, and to which file. Times in epoch ms. */
export interface ExportPlan {
  readonly path: string;
  /** See FileDialogs. */
  readonly spareFolder?: string | undefined;
  readonly format: ExportFormat;
  readonly series: readonly SeriesKey[];
  readonly from: number;
  readonly to: number;
  /** Current time, epoch ms: it determines at which resolution the store has a time. */
  readonly now: number;
}

/** The parts of a file in one format. `rows` of a JSON series begin with a comma except for the first. */
interface ExportWriter {
  readonly head: string;
  seriesHead(key: SeriesKey, isFirst: boolean): string;
  rows(points: SeriesPoints, isFirst: boolean): string;
  readonly seriesTail: string;
  readonly tail: string;
}

function writerOf({ format, from, to }: ExportPlan): ExportWriter {
  if (format === 'csv') return { head: CSV_HEAD, seriesHead: () => '', rows: toCsvRows, seriesTail: '', tail: '' };
  return {
    head: jsonHead(from, to),
    seriesHead: jsonSeriesHead,
    rows: (points, isFirst) => {
      const text = toJsonPoints(points);
      return text === '' || isFirst ? text : `,${text}`;
    },
    seriesTail: JSON_SERIES_TAIL,
    tail: JSON_TAIL,
  };
}

function pointsIn(store: Store, key: SeriesKey, window: QueryWindow): SeriesPoints | null {
  return store.query({ series: [key], from: window.from, to: window.to, points: window.points }).series[0] ?? null;
}

/** Buffers text and writes it in larger pieces. */
class TextSink {
  #text = '';
  bytes = 0;
  readonly #file: FileHandle;
  constructor(file: FileHandle) {
    this.#file = file;
  }
  async add(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= BUFFER_LENGTH) await this.flush();
  }
  async flush(): Promise<void> {
    const data = Buffer.from(this.#text);
    this.#text = '';
    await this.#file.writeFile(data);
    this.bytes += data.length;
  }
}

/** Writes the file; resolves to its size in bytes. Rejects with the system's error, or with the signal's reason; then there is no file. */
export async function writeExport(store: Store, plan: ExportPlan, { signal, report }: TaskHandle): Promise<number> {
  const writer = writerOf(plan);
  const windows = queryWindows(plan.from, plan.to, plan.now);
  const total = Math.max(1, windows.length * plan.series.length);
  let bytes = 0;
  await writeViaPartialFile(plan.path, async (file) => {
    const sink = new TextSink(file);
    await sink.add(writer.head);
    for (const [at, key] of plan.series.entries()) {
      await sink.add(writer.seriesHead(key, at === 0));
      let isFirst = true;
      for (const [step, window] of windows.entries()) {
        signal.throwIfAborted();
        const points = pointsIn(store, key, window);
        const text = points === null ? '' : writer.rows(points, isFirst);
        if (text !== '') isFirst = false;
        await sink.add(text);
        report((at * windows.length + step + 1) / total, sink.bytes);
        await yieldToEventLoop();
      }
      await sink.add(writer.seriesTail);
    }
    await sink.add(writer.tail);
    await sink.flush();
    signal.throwIfAborted();
    bytes = sink.bytes;
  }, plan.spareFolder);
  return bytes;
}
