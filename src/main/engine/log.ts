/** The log: JSON lines in a file that rotates by size. Writing to it never throws. */
import { messageOf } from '../../shared/result';
import { RotatingFile } from './rotating-file';
import type { LineOutput } from './rotating-file';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** How much a line matters. */
export type LogLevel = (typeof LEVELS)[number];

/** Facts beside the message; anything JSON can hold. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a part of the program writes what happened to it. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log under the name of another part. */
  scoped(scope: string): Log;
}

/** A log with a file behind it. */
export interface FileLog extends Log {
  /** Lines that could not be written so far (a full disk, a removed folder). */
  lost(): number;
  /** Why the last line could not be written; null where it was. */
  problem(): string | null;
  close(): void;
}

/** What a file log needs. */
export interface FileLogOptions {
  readonly path: string;
  readonly clock: { now(): number };
  /** Lines below this level are not written. Default info. */
  readonly level?: LogLevel;
  /** Size at which the file is put aside as `path.1`, bytes. Default 1 MB. */
  readonly maxBytes?: number;
  /** Files kept, the current one included. Default 3. */
  readonly keep?: number;
  /** Gets every line as well, for a developer's terminal. */
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

/** Makes a Log of a function that takes finished entries. */
function logTo(write: (level: LogLevel, scope: string, message: string, fields: LogFields | undefined) => void, scope: string): Log {
  return {
    debug: (message, fields) => write('debug', scope, message, fields),
    info: (message, fields) => write('info', scope, message, fields),
    warn: (message, fields) => write('warn', scope, message, fields),
    error: (message, fields) => write('error', scope, message, fields),
    scoped: (name) => logTo(write, name),
  };
}

/** Opens a log on a file. The file and its folder are made when the first line is written. */
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

/** A log that hands each entry to a function; for tests and for tools without a file. */
export function createCallbackLog(onEntry: (entry: { level: LogLevel; scope: string; message: string; fields?: LogFields }) => void): Log {
  return logTo((level, scope, message, fields) => onEntry({ level, scope, message, ...(fields === undefined ? {} : { fields }) }), 'app');
}

/** Logs the start and the end of a trouble, and nothing in between. */
export interface TransitionLog {
  /** `problem` is what is wrong with `name` now, or null when it works. Call it as often as you like. */
  report(name: string, problem: string | null, fields?: LogFields): void;
}

/** A transition log over a log: a warning when something starts failing, an info with the number of failures when it recovers. */
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
