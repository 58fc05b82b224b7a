/** Turns for sending missed batches: a few at the same time, and one of each identity, so that none can hold all of them. */

import type { Timers } from '../../engine/clock';

/** How long a client waits for its turn, ms; it gets the latest state then, rather than none. */
export const TURN_WAIT = 5000;

/** Gives turns in the order in which they were asked for, where the holder has none already. */
export interface ResumeTurns {
  /** Resolves to true when the turn begins, and `end` must be called after it; to false where it does not begin in time. */
  begin(holder: string): Promise<boolean>;
  end(holder: string): void;
}

interface Waiting {
  readonly holder: string;
  readonly start: () => void;
}

/** Creates the turns: at most `limit` at a time. */
export function createResumeTurns(limit: number, timers: Timers): ResumeTurns {
  const active = new Set<string>();
  const waiting: Waiting[] = [];
  const startNext = (): void => {
    const next = active.size < limit ? waiting.findIndex(({ holder }) => !active.has(holder)) : -1;
    const [turn] = next === -1 ? [] : waiting.splice(next, 1);
    if (turn === undefined) return;
    active.add(turn.holder);
    turn.start();
  };
  return {
    begin: (holder) =>
      new Promise((resolve) => {
        let cancel = (): void => undefined;
        const entry: Waiting = {
          holder,
          start: () => {
            cancel();
            resolve(true);
          },
        };
        waiting.push(entry);
        startNext();
        if (!waiting.includes(entry)) return;
        cancel = timers.after(TURN_WAIT, () => {
          waiting.splice(waiting.indexOf(entry), 1);
          resolve(false);
        });
      }),
    end(holder) {
      active.delete(holder);
      startNext();
    },
  };
}
