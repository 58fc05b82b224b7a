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
 * Ends the process now, with exit code 0. Nothing of it runs afterwards, so everything must have been written. Where the
 * process cannot be replaced by a shell that ends at once (Node before 23.11, Windows), it ends by SIGTERM, which service
 * managers count as success.
 */
export function endProcess(process: EndingProcess): void {
  // Looked for first: where it cannot be run, execve would abort.
  if (process.execve !== undefined && canRun(SHELL)) process.execve(SHELL, ['sh', '-c', 'exit 0'], {});
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
}
