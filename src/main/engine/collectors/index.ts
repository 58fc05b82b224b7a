/**
 * The collectors, one per metric family; the platform is chosen here, once. A new family needs a line in linux.ts,
 * darwin.ts and win32.ts.
 *
 * engine/collectors reads the operating system. It imports src/shared, the clock, Node's modules, engine/windows, engine/programs
 * (on Linux for nvidia-smi alone) and, in platform.ts alone, systeminformation. Outside this room, collectors are used through this file.
 */
import type { CollectorDeps, Platform } from './deps';
import { linuxCollectors } from './linux';
import { loadedLate } from './load-late';
import type { CollectorSet } from './collector';

const COLLECTORS: Readonly<Record<Platform, (deps: CollectorDeps) => CollectorSet>> = {
  linux: linuxCollectors,
  darwin: (deps) => loadedLate(async () => (await import('./darwin')).darwinCollectors(deps)),
  win32: (deps) => loadedLate(async () => (await import('./win32')).win32Collectors(deps)),
};

/** Creates the collectors. Nothing is opened or read before the first `read()`. */
export function createCollectors(deps: CollectorDeps): CollectorSet {
  return COLLECTORS[deps.platform](deps);
}
