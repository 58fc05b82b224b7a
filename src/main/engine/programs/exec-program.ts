/** Runs one program of the system: an argument vector, no shell, no language but C, a deadline. */
import { execFile } from 'node:child_process';
import { messageOf } from '../../../shared/result';

/** The result of a command. `code` is null when it could not be started or was killed at its deadline. */
export interface ExecResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** True when the program is not installed. */
  readonly isMissing: boolean;
}

/** Runs a program without a shell; never rejects. `timeout` is in milliseconds; `signal` ends it before. */
export type Exec = (program: string, args: readonly string[], timeout: number, signal?: AbortSignal) => Promise<ExecResult>;

/** Most bytes of output that are taken, of a program that lists everything: a machine with thousands of processes prints a few MB. */
const MAX_OUTPUT = 32 * 2 ** 20;

/** Runs a program with an argument vector, no shell, and a deadline in milliseconds; resolves in every case. */
export const execProgram: Exec = (program, args, timeout, signal) =>
  new Promise<ExecResult>((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    // One that is stopped heeds no other signal. Node sends another where it is given `signal` itself.
    const options = { timeout, encoding: 'utf8', windowsHide: true, shell: false, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT, env } as const;
    const end = (): void => void child.kill('SIGKILL');
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      signal?.removeEventListener('abort', end);
      // One that is being ended may still exit by itself.
      const code = error === null ? 0 : error.killed !== true && typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr, isMissing: (error as NodeJS.ErrnoException | null)?.code === 'ENOENT' });
    });
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end);
    // A system that is out of memory for another process is reported by an exception.
  }).catch((error: unknown) => ({ code: null, stdout: '', stderr: messageOf(error), isMissing: false }));
