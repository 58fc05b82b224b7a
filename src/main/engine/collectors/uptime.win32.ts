/** Threads of Windows, for the uptime family. */
import type { Value } from '../../../shared/metrics/reading';
import { parseTasks } from '../windows/system-tables';
import type { SystemDeps } from './deps';

/** How often threads are counted, ms: the system walks through all processes for it, and not on this thread. */
const COUNT_MS = 30_000;

/** A function that returns the number of threads of all processes, counted at most every 30 s. */
export function win32Tasks(deps: Pick<SystemDeps, 'clock' | 'windows'>): () => Promise<Value> {
  let counted: { readonly at: number; readonly threads: number } | null = null;
  return async () => {
    const now = deps.clock.mono();
    if (counted === null || now - counted.at >= COUNT_MS) {
      const { threads } = parseTasks(await (await deps.windows()).performance());
      counted = { at: now, threads };
    }
    return counted.threads;
  };
}
