/** Threads of Windows, for the uptime family. */
import type { Value } from '../../../shared/metrics/reading';
import { parseTasks } from '../windows/system-tables';
import type { SystemDeps } from './deps';

/** How often threads are counted, ms: the system walks through all processes for it, and not on this thread. */
const COUNT_MS = 30_000;

async function threadsOf({ windows }: Pick<SystemDeps, 'windows'>): Promise<Value> {
  try {
    return parseTasks(await (await windows()).performance()).threads;
  } catch {
    // The uptime is known all the same.
    return null;
  }
}

/** A function that returns the number of threads of all processes, counted at most every 30 s; null while they cannot be counted. */
export function win32Tasks(deps: Pick<SystemDeps, 'clock' | 'windows'>): () => Promise<Value> {
  let counted: { readonly at: number; readonly threads: Value } | null = null;
  return async () => {
    const now = deps.clock.mono();
    if (counted === null || now - counted.at >= COUNT_MS) {
      counted = { at: now, threads: await threadsOf(deps) };
    }
    return counted.threads;
  };
}
