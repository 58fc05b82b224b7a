/** Timers, injected so that tests can drive them. */
export interface Timers {
  /** Runs `task` once after `ms`; returns the function that cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** The browser's own timers. */
export const browserTimers: Timers = {
  after: (ms, task) => {
    const id = setTimeout(task, ms);
    return () => clearTimeout(id);
  },
};
