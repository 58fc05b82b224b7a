/** Logs for programs that nobody reads the log of. */
import type { Log } from '../../src/main/engine/log';

/** Drops every line. */
export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, scoped: () => silentLog };

/** Drops what is usual and throws at an error: a figure taken while something fails means nothing. */
export const failingLog: Log = {
  ...silentLog,
  error: (message, facts) => {
    throw new Error(`${message} ${JSON.stringify(facts ?? {})}`);
  },
  scoped: () => failingLog,
};
