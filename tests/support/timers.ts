import type { Timers } from '../../src/renderer/data/timers';

/** Timers that run when told to. */
export interface ManualTimers extends Timers {
  advance(ms: number): void;
}

/** Makes timers that stand still until advanced. */
export function createManualTimers(): ManualTimers {
  let now = 0;
  let due: { at: number; task: () => void }[] = [];
  return {
    after(ms, task) {
      const entry = { at: now + ms, task };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = next.at;
        due = due.filter((other) => other !== next);
        next.task();
      }
      now = end;
    },
  };
}

/** Lets promises that are due run: enough turns for the longest chain of awaits under test. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
