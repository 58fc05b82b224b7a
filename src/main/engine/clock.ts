/** Time as the engine sees it; injected, so that tests can move it. */
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';

/** Three clocks, all in milliseconds. */
export interface Clock {
  /** Wall clock, epoch milliseconds UTC; may be stepped by hand or by NTP. */
  now(): number;
  /** Monotonic clock; stands still while the machine sleeps on Linux and macOS. */
  mono(): number;
  /** Since the machine started, time asleep included. */
  boot(): number;
}

/** Timers, injected for the same reason. */
export interface Timers {
  /** Runs `fn` once after `ms` milliseconds; returns the function that cancels it. */
  after(ms: number, fn: () => void): () => void;
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  boot: () => uptime() * 1000,
};

/** Node's own timers. */
export const systemTimers: Timers = {
  after: (ms, fn) => {
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  },
};
