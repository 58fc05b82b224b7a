/** THE list of collectors: one per metric family, chosen once for the platform. */
import type { CollectorDeps } from './deps';
import { linuxCollectors } from './linux';
import { portableCollectors } from './portable';
import type { CollectorSet } from './collector';

/** Makes the collectors. Nothing is opened or read before the first `read()`. */
export function createCollectors(deps: CollectorDeps): CollectorSet {
  return deps.platform === 'linux' ? linuxCollectors(deps) : portableCollectors(deps);
}
