/** The log of the app: JSON lines in a file that is rotated by size. Writing to it never throws. */
import { messageOf } from '../../shared/result';
import { RotatingFile } from './rotating-file';
import type { LineOutput } from './rotating-file';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Severity of a line. */
export type LogLevel = (typeof LEVELS)[number];

/** Structured fields of a line; anything JSON can hold. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A log for one part of the program. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log under another scope. */
  scoped(scope: string): Log;
}

/** A log that writes to a file. */
export interface FileLog extends Log {
  /** Number of lines that could not be written (disk full, folder removed). */
  lost(): number;
  /** Why the last line could not be written; null where it was. */
  problem(): string | null;
  close(): void;
}

/** Options of a file log. */
export interface FileLogOptions {
  readonly path: string;
  readonly clock: { now(): number };
  /** Lines below this level are not written. Default info. */
  readonly level?: LogLevel;
  /** Size at which the file is rotated to `path.1`, bytes. Default 1 MB. */
  readonly maxBytes?: number;
  /** Number of files kept, including the current one. Default 3. */
  readonly keep?: number;
  /** Also gets every line, e.g. for a terminal. */
  readonly echo?: (line: string) => void;
  /** For tests. */
  readonly output?: LineOutput;
}

function toLine(time: number, level: LogLevel, scope: string, message: string, fields: LogFields | undefined): string {
  const head = { time: new Date(time).toISOString(), level, scope, message };
  try {
    return `${JSON.stringify(fields === undefined ? head : { ...head, fields }, errorsToText)}\n`;
  } catch (error) {
    return `${JSON.stringify({ ...head, fields: { unprintable: messageOf(error) } })}\n`;
  }
}

function errorsToText(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
}

/** A Log over a function that takes single entries. */
function logTo(write: (level: LogLevel, scope: string, message: string, fields: LogFields | undefined) => void, scope: string): Log {
  return {
    debug: (message, fields) => write('debug', scope, message, fields),
    info: (message, fields) => write('info', scope, message, fields),
    warn: (message, fields) => write('warn', scope, message, fields),
    error: (message, fields) => write('error', scope, message, fields),
    scoped: (name) => logTo(write, name),
  };
}

/** Opens a log on a file. The file and its folder are created with the first line. */
export function createFileLog(options: FileLogOptions): FileLog {
  const file = new RotatingFile(options.path, options.maxBytes ?? 1_000_000, Math.max(2, options.keep ?? 3), options.output);
  const lowest = LEVELS.indexOf(options.level ?? 'info');
  const log = logTo((level, scope, message, fields) => {
    if (LEVELS.indexOf(level) < lowest) return;
    const line = toLine(options.clock.now(), level, scope, message, fields);
    file.write(line);
    options.echo?.(line);
  }, 'app');
  return { ...log, lost: () => file.lost, problem: () => file.problem, close: () => file.close() };
}

/** Logs when something begins to fail and when it recovers, and nothing in between. */
export interface TransitionLog {
  /** `problem` is the current failure of `name`, null when it works. May be called any number of times. */
  report(name: string, problem: string | null, fields?: LogFields): void;
}

/** A transition log over a log: a warning with the first failure, an info with the number of failures on recovery. */
export function createTransitionLog(log: Log): TransitionLog {
  const failures = new Map<string, number>();
  return {
    report(name, problem, fields) {
      const before = failures.get(name);
      if (problem !== null) {
        failures.set(name, (before ?? 0) + 1);
        if (before === undefined) log.warn(`${name} is failing: ${problem}`, fields);
      } else if (before !== undefined) {
        failures.delete(name);
        log.info(`${name} works again`, { ...fields, failures: before });
      }
    },
  };
}
