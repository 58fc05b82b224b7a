/** Programs of the benchmark's own that run under plain Node, each in a process of its own, and print what they found as JSON. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Bench } from './bench';

/** Runs a bundled program; resolves to what it printed, which is of the type that the program says. */
export async function runNodeProgram<T>(bench: Bench, name: string, args: readonly string[]): Promise<T> {
  // Between two steps of a measurement the collector is asked to run, so that each begins alike.
  const child = spawn(process.execPath, ['--expose-gc', path.join(bench.bundle, `${name}.mjs`), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
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
