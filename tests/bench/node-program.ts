/** Programs of the benchmark's own that run under plain Node, each in a process of its own, and print what they found as JSON. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Bench } from './bench';

/** Other programs' processor seconds per 60 s above which a run is not to be trusted. */
const NOISE = 6;

/** Runs one of the store's programs (store/main.ts), and says when the machine was busy with something else. */
export async function runStoreProgram<T>(bench: Bench, args: readonly string[]): Promise<T> {
  const { found, othersPer60 } = await runNodeProgram<{ readonly found: T; readonly othersPer60: number }>(bench, 'store', args);
  if (othersPer60 > NOISE) bench.say(`  (${args[0] ?? ''}: others used ${othersPer60.toFixed(0)} CPU-s/60 s: noisy)`);
  return found;
}

/** Runs a bundled program; resolves to what it printed, which is of the type that the program says. `flags` are Node's own. */
export async function runNodeProgram<T>(bench: Bench, name: string, args: readonly string[], flags: readonly string[] = []): Promise<T> {
  // Between two steps of a measurement the collector is asked to run, so that each begins alike.
  const child = spawn(process.execPath, ['--expose-gc', ...flags, path.join(bench.bundle, `${name}.mjs`), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  bench.stops.add(stop);
  try {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const code = await ended;
    if (code !== 0) throw new Error(`${name} ${args[0] ?? ''} ended with exit code ${code}`);
    return JSON.parse(text) as T;
  } finally {
    bench.stops.delete(stop);
  }
}
