/** Waits for a result no longer than may be waited. */
import type { Timers } from './clock';

/** In place of a result that did not come in time. */
export const LATE = Symbol('late');

/** The result of a call, or LATE if it takes longer than `ms`; the call then goes on. Rejects with what it rejects with. */
export async function within<T>(timers: Timers, ms: number, call: Promise<T>): Promise<T | typeof LATE> {
  let cancel = (): void => undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    cancel = timers.after(ms, () => resolve(LATE));
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    cancel();
  }
}
