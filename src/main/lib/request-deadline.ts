/**
 * One signal for a request that ends at its deadline or with the app. Signals that follow others, by AbortSignal.any or inside
 * of fetch, can be collected before they fire (nodejs/node#55428, #65995), and the request would never end: so there is one
 * controller, which is held, and the work is raced against it.
 */
import type { Timers } from '../engine/clock';

/** The signal of one request. */
export interface RequestDeadline {
  readonly signal: AbortSignal;
  isTimedOut(): boolean;
  /** Settles as the work does, or rejects when the signal fires first, whatever the work makes of it. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Call it when the request is over. */
  end(): void;
}

/** Begins a deadline, in ms; `outer` ends the request before it. */
export function startDeadline(timers: Timers, timeout: number, outer: AbortSignal): RequestDeadline {
  const controller = new AbortController();
  let isTimedOut = false;
  const fired = new Promise<never>((_resolve, reject) => controller.signal.addEventListener('abort', () => reject(new Error('the request was ended'))));
  // Nobody waits for it where the work was quicker.
  fired.catch(() => undefined);
  const cancel = timers.after(timeout, () => {
    isTimedOut = true;
    controller.abort();
  });
  const onOuter = (): void => controller.abort();
  outer.addEventListener('abort', onOuter);
  if (outer.aborted) onOuter();
  return {
    signal: controller.signal,
    isTimedOut: () => isTimedOut,
    race: (work) => Promise.race([work, fired]),
    end: () => {
      cancel();
      outer.removeEventListener('abort', onOuter);
    },
  };
}
