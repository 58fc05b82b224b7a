/** Closes several things, where one that fails must not keep the others open. */
import { messageOf } from '../../../shared/result';
import type { Log } from '../log';

/** Closes one after the other; one that fails does not keep the others open. */
export function closeAll(closers: readonly (() => void)[], log: Log): void {
  for (const close of closers) {
    try {
      close();
    } catch (error) {
      log.warn('the database did not close', { reason: messageOf(error) });
    }
  }
}
