/**
 * The clocks and timers of the engine; injected everywhere, so that tests control time.
 *
 * src/main/engine collects samples, stores them and evaluates the alert rules. It runs under plain Node: it imports
 * itself, src/shared, Node's own modules, better-sqlite3, koffi, pg, systeminformation and zod, and nothing of the rooms around it,
 * Electron or the renderer. Programs of the system are started in src/main/engine/programs alone.
 */
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';

/** The clocks, each in milliseconds. Only differences between two readings of the same clock mean anything, except of `now`. */
export interface Clock {
  /** Wall clock, epoch milliseconds UTC; may be set by hand or by NTP. */
  now(): number;
  /**
   * Monotonic clock. Stands still while the machine sleeps on Linux (CLOCK_MONOTONIC); counts sleep on macOS
   * (mach_continuous_time, which libuv reads) and on Windows (QueryPerformanceCounter). Timers run by it.
   */
  mono(): number;
  /** Time since boot, including sleep. */
  boot(): number;
  /**
   * Time since boot without sleep; null where no such clock can be read, so that no clock tells sleep. It may go on in a light
   * sleep (Modern Standby on Windows): that it stood still proves sleep, that it went on proves nothing. Absent: `mono` is
   * that clock, and its word is final.
   */
  awake?(): number | null;
}

/** One-shot timers. */
export interface Timers {
  /** Runs `fn` once after `ms` milliseconds; returns the function that cancels it. */
  after(ms: number, fn: () => void): () => void;
}

/** The clocks that every system has. Who has to tell sleep takes `clockOf`. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  boot: () => uptime() * 1000,
};

/** Reads a clock that stands still in sleep, in milliseconds; null if it cannot be read. */
export type ReadAwakeClock = () => number | null;

/**
 * The clocks of a system. `readAwake`: the clock without sleep of a system whose monotonic clock counts it; on Windows
 * QueryUnbiasedInterruptTime (realtimeapiset.h, units of 100 ns), on macOS mach_absolute_time. Not used on Linux.
 */
export function clockOf(platform: NodeJS.Platform, readAwake: ReadAwakeClock = () => null): Clock {
  return platform === 'linux' ? systemClock : { ...systemClock, awake: readAwake };
}

/** Node's timers. */
export const systemTimers: Timers = {
  after: (ms, fn) => {
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  },
};
