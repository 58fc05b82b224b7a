/** Runs the program as a person at a terminal does, beside what Playwright started. */
import { spawn } from 'node:child_process';
import type { Desktop } from '../desktop';
import { appDir } from './traywatch';

/** How a run ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs Traywatch with these arguments to its end. */
export function runCommand(desktop: Desktop, data: string, ...args: string[]): Promise<Ended> {
  // Chromium's sandbox cannot start as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(process.env.TRAYWATCH_ELECTRON ?? '', [...sandbox, appDir, `--user-data-dir=${data}`, ...args], { env: desktop.env });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ ...ended, code }));
  });
}
