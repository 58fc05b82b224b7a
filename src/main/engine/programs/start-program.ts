/** Starts a program of the system that prints lines until it is ended: an argument vector, no shell, no language but C. */
import { spawn } from 'node:child_process';
import { delimiter, isAbsolute } from 'node:path';
import { messageOf } from '../../../shared/result';

/** How a program ended. `code` is null when it could not be started or was ended by a signal. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly error: string | null;
}

/** Who follows what it prints. */
export interface Follower {
  /** A line of its standard output or, since some print errors there, of its standard error. */
  onLine(line: string): void;
  /** Called once, at the end; nothing comes after it. */
  onEnd(end: ProgramEnd): void;
}

/** A program that was started. */
export interface RunningProgram {
  /** Null if it could not be started. */
  readonly pid: number | null;
  /** Ends it at once, even if it was stopped. */
  kill(): void;
}

/** Starts a program without a shell. Never throws. */
export type StartProgram = (program: string, args: readonly string[], follower: Follower) => RunningProgram;

/** Characters of a line that has no end. */
const LONGEST_LINE = 64 * 1024;

/** Cuts a stream of text into lines; the last one, which has no end yet, waits. */
class LineCutter {
  readonly #take: (line: string) => void;
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    const rest = lines.pop() ?? '';
    this.#rest = rest.length > LONGEST_LINE ? '' : rest;
    for (const line of lines) this.#take(line);
  }

  /** What was printed last, without the end of a line. */
  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }
}

/** Folders of PATH without those that depend on the current folder, where anybody may have put a program. */
function absoluteFolders(path: string): readonly string[] {
  return path.split(delimiter).filter((folder) => isAbsolute(folder));
}

/**
 * Starts a program. Its standard output is a pipe that only we read: where the app is killed, the next line that the
 * program prints meets a broken pipe, and ends it.
 */
export const startProgram: StartProgram = (program, args, follower) => {
  const env = { ...process.env, LC_ALL: 'C', PATH: absoluteFolders(process.env['PATH'] ?? '').join(delimiter) };
  let hasEnded = false;
  const end = (result: ProgramEnd): void => {
    if (hasEnded) return;
    hasEnded = true;
    follower.onEnd(result);
  };
  try {
    const child = spawn(program, [...args], { shell: false, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const stream of [child.stdout, child.stderr]) {
      const cutter = new LineCutter((line) => void (hasEnded || follower.onLine(line)));
      stream.setEncoding('utf8').on('data', (text: string) => cutter.add(text)).on('end', () => cutter.end());
    }
    child.on('error', (error) => end({ code: null, error: error.message }));
    child.on('close', (code) => end({ code, error: null }));
    return { pid: child.pid ?? null, kill: () => void child.kill('SIGKILL') };
  } catch (error) {
    // A system that is out of memory for another process is reported by an exception.
    queueMicrotask(() => end({ code: null, error: messageOf(error) }));
    return { pid: null, kill: () => undefined };
  }
};
