/** A log that passes each entry to a function, for tests and for programs without a log file. */
import type { Log, LogFields, LogLevel } from '../../src/main/engine/log';

/** One entry of a log; `fields` is absent where none were given. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly scope: string;
  readonly message: string;
  readonly fields?: LogFields;
}

/** Makes the log; entries come in the order they are written. */
export function createCallbackLog(onEntry: (entry: LogEntry) => void, scope = 'app'): Log {
  const write = (level: LogLevel, message: string, fields: LogFields | undefined): void => onEntry({ level, scope, message, ...(fields === undefined ? {} : { fields }) });
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    scoped: (name) => createCallbackLog(onEntry, name),
  };
}
