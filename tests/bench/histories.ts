/** Histories that several parts of the benchmark ask, each written once, in a process of its own. */
import path from 'node:path';
import type { Bench, Histories } from './bench';
import { runStoreProgram } from './node-program';
import type { WrittenHistory } from './store/write-history';

/** No history yet. */
export function createHistories(): Histories {
  const made = new Map<string, Promise<WrittenHistory>>();
  return {
    get(bench, series, days) {
      const name = `history-${series}-${days}.sqlite`;
      let history = made.get(name);
      if (history === undefined) {
        history = write(bench, path.join(bench.home, name), series, days);
        made.set(name, history);
      }
      return history;
    },
  };
}

async function write(bench: Bench, file: string, series: number, days: number): Promise<WrittenHistory> {
  const written = await runStoreProgram<WrittenHistory>(bench, ['history', file, String(series), String(days)]);
  bench.say(`  a history of ${series} series and ${days} days: ${(written.bytes / 1e6).toFixed(1)} MB, written in ${written.seconds.toFixed(0)} s`);
  return written;
}
