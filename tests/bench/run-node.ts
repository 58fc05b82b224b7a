/** Runs a bundled script in a Node process of its own. */
import { spawn } from 'node:child_process';

/** What the script prints; rejects when it ends with an error. */
export function runNode(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`the engine ended with exit code ${code}`));
    });
  });
}
