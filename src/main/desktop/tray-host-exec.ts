/** Runs the command-line tools that query the session bus. */
import { execFile } from 'node:child_process';
import type { Exec } from './tray-host';

/** Runs a program with an argument vector, no shell, and a deadline in milliseconds; resolves in every case. */
export const execProgram: Exec = (program, args, timeout) =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout, encoding: 'utf8', windowsHide: true }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr, isMissing: (error as NodeJS.ErrnoException | null)?.code === 'ENOENT' });
    });
  });
