/** Runs a program of the benchmark under plain Node, in a process of its own. */
import { spawn } from 'node:child_process';

/** Resolves to what it printed; rejects when it fails. */
export function runNode(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${args[0]} ended with exit code ${code}`));
    });
  });
}
