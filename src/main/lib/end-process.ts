/**
 * Ends a process whose thread pool is stuck. Both a return from the main loop and `process.exit` wait for calls that are in
 * flight there, and a call to a file system that does not respond never ends.
 */
import { accessSync, constants } from 'node:fs';

/** Requests that a thread of the pool works on. Those of sockets end with their socket. */
const IN_THE_POOL = /^(?:FSReq\w+|Get(?:AddrInfo|NameInfo)ReqWrap)$/;

/** The requests that an ending process would wait for, by `process.getActiveResourcesInfo`. Pure. */
export function poolRequests(resources: readonly string[]): readonly string[] {
  return resources.filter((name) => IN_THE_POOL.test(name));
}

/** What is used of `process`. */
export type EndingProcess = Pick<NodeJS.Process, 'execve' | 'pid' | 'kill' | 'removeAllListeners'>;

/** Exit code of a process that ended as it should, or that failed. */
type ExitCode = 0 | 1;

const SHELL = '/bin/sh';

function canRun(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends the process now. Nothing of it runs afterwards, so everything must have been written. Where the process cannot be
 * replaced by a shell that ends at once (Node before 23.11, Windows), it ends by SIGTERM, which service managers count as
 * success, or by SIGKILL, which they count as a failure.
 */
export function endProcess(process: EndingProcess, code: ExitCode = 0): void {
  // Looked for first: where it cannot be run, execve would abort.
  if (process.execve !== undefined && canRun(SHELL)) process.execve(SHELL, ['sh', '-c', `exit ${code}`], {});
  const signal = code === 0 ? 'SIGTERM' : 'SIGKILL';
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** How long a failed process waits for calls in flight, and how often it looks, ms. */
const FAILED_WAIT = 2000;
const FAILED_INTERVAL = 50;

/** What ending as failed needs: the process, its orderly end, and a timer. */
export interface FailingParts {
  readonly process: EndingProcess & Pick<NodeJS.Process, 'getActiveResourcesInfo'>;
  readonly exit: (code: ExitCode) => void;
  readonly after: (ms: number, callback: () => void) => void;
}

/** Ends the process with exit code 1, in order as soon as nothing is in flight in the thread pool, and without waiting after two seconds. */
export function endFailed(parts: FailingParts, left = FAILED_WAIT): void {
  if (poolRequests(parts.process.getActiveResourcesInfo()).length === 0) parts.exit(1);
  else if (left <= 0) endProcess(parts.process, 1);
  else parts.after(FAILED_INTERVAL, () => endFailed(parts, left - FAILED_INTERVAL));
}
