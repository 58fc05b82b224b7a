/**
 * The clocks and timers of the engine; injected everywhere, so that tests control time.
 *
 * src/main/engine collects samples, stores them and evaluates the alert rules. It runs under plain Node: it imports
 * itself, src/shared, Node's own modules, better-sqlite3, koffi, systeminformation and zod, and nothing of the rooms around it,
 * Electron or the renderer. Programs of the system are started in src/main/engine/programs alone.
 */
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';

/** Three clocks, each in milliseconds. */
export interface Clock {
  /** Wall clock, epoch milliseconds UTC; may be set by hand or by NTP. */
  now(): number;
  /** Monotonic clock; does not advance during sleep on Linux and macOS. */
  mono(): number;
  /** Time since boot, including sleep. */
  boot(): number;
}

/** One-shot timers. */
export interface Timers {
  /** Runs `fn` once after `ms` milliseconds; returns the function that cancels it. */
  after(ms: number, fn: () => void): () => void;
}

/** The clocks of the operating system. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  boot: () => uptime() * 1000,
};

/** Node's timers. */
export const systemTimers: Timers = {
  after: (ms, fn) => {
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  },
};
