/** Runs the command-line tools that query the session bus and the settings of the desktop. */
import { execFile } from 'node:child_process';
import { messageOf } from '../../shared/result';

/** The result of a command. `code` is null when it could not be started or was killed at its deadline. */
export interface ExecResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** True when the program is not installed. */
  readonly isMissing: boolean;
}

/** Runs a program without a shell; never rejects. `timeout` is in milliseconds. */
export type Exec = (program: string, args: readonly string[], timeout: number) => Promise<ExecResult>;

/** Runs a program with an argument vector, no shell, and a deadline in milliseconds; resolves in every case. */
export const execProgram: Exec = (program, args, timeout) =>
  new Promise<ExecResult>((resolve) => {
    execFile(program, [...args], { timeout, encoding: 'utf8', windowsHide: true }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr, isMissing: (error as NodeJS.ErrnoException | null)?.code === 'ENOENT' });
    });
    // A system that is out of memory for another process is reported by an exception.
  }).catch((error: unknown) => ({ code: null, stdout: '', stderr: messageOf(error), isMissing: false }));
