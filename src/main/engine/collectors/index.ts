/**
 * The collectors, one per metric family; the platform is chosen here, once. A new family needs a line in linux.ts and in
 * portable.ts.
 *
 * engine/collectors reads the operating system. It imports src/shared, the clock, Node's modules and, on macOS and
 * Windows, systeminformation, which no other room may import. Outside this room, collectors are used through this file.
 */
import type { CollectorDeps } from './deps';
import { linuxCollectors } from './linux';
import { portableCollectors } from './portable';
import type { CollectorSet } from './collector';

/** Creates the collectors. Nothing is opened or read before the first `read()`. */
export function createCollectors(deps: CollectorDeps): CollectorSet {
  return deps.platform === 'linux' ? linuxCollectors(deps) : portableCollectors(deps);
}
