import type { Copier } from '../../src/main/history/database-worker-client';
import { compactDatabase, copyDatabase, whyUnfit } from '../../src/main/engine/store/jobs/copy';

/** A copier that works on this thread: what the other one does is the same. */
export const copierHere: Copier = {
  copy: (from, to, _signal, onProgress) => copyDatabase(from, to, onProgress),
  whyUnfit: (path) => Promise.resolve(whyUnfit(path)),
  compact: (path) => Promise.resolve(compactDatabase(path)),
};
