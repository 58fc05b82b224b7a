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

/** Timers with the clocks that go with them: `advance` lets what a timer begins run before time goes on. */
export function createSimulatedTime(start = Date.UTC(2026, 0, 5, 12)) {
  let [now, slept] = [0, 0];
  let due: { readonly at: number; readonly task: () => void }[] = [];
  return {
    clock: { now: () => start + now + slept, mono: () => now, boot: () => now + slept },
    timers: {
      after(ms: number, task: () => void) {
        const entry = { at: now + ms, task };
        due.push(entry);
        return () => void (due = due.filter((other) => other !== entry));
      },
    },
    /** Timers that wait. */
    waiting: () => due.length,
    /** The machine sleeps: timers and the monotonic clock stand still, as on Linux. */
    sleep: (ms: number) => void (slept += ms),
    async advance(ms: number): Promise<void> {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = Math.max(now, next.at);
        due = due.filter((other) => other !== next);
        next.task();
        await settle();
      }
      now = end;
    },
  };
}
