/**
 * The programs of the system that collectors have to ask where no file and no library tells: counted, each at most once at a
 * time, and ended with the app.
 *
 * engine/programs is the only room of the engine that starts processes. On Linux these are nvidia-smi, as NVIDIA's driver tells
 * nothing in files, smartctl, and ping for services that are probed by it. It imports Node's own modules, src/shared and the engine's clock; collectors get it through
 * their dependencies.
 */
import type { FaultKind } from '../../../shared/metrics/reading';
import type { Exec, ExecResult } from './exec-program';
import type { Follower, RunningProgram, StartProgram } from './start-program';

/** A program that gave no answer, with the kind of fault. */
export class ProgramError extends Error {
  readonly kind: FaultKind;
  constructor(kind: FaultKind, message: string) {
    super(message);
    this.name = 'ProgramError';
    this.kind = kind;
  }
}

/** What was started since the app runs. */
interface ProgramCost {
  readonly started: number;
  /** Time that they ran, together, ms. */
  readonly milliseconds: number;
}

/** Runs programs. */
export interface Programs {
  /**
   * The standard output of a program. `timeout` in ms. A call of the same program with the same arguments joins the one in
   * flight. Rejects with a ProgramError: Timeout; PermissionDenied; SystemUnavailable if the program is not there, fails,
   * or prints nothing: none of those asked has nothing to say. `anyCode`: its exit code says no more than its output.
   */
  read(program: string, args: readonly string[], timeout: number, how?: { readonly anyCode: boolean }): Promise<string>;
  /** Starts a program that prints lines until it is ended, by its caller or with the app. Never throws. */
  follow(program: string, args: readonly string[], follower: Follower): RunningProgram;
  /** Process ids of the programs that are followed now. */
  followed(): readonly number[];
  /** Of those that were started for one answer. */
  cost(): ProgramCost;
  /** Ends what still runs; nothing is started any more. */
  close(): void;
}

const DENIED = /permission denied|operation not permitted|not authorized/i;

const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

function outputOf(program: string, { code, stdout, stderr, isMissing }: ExecResult, anyCode: boolean): string {
  const name = nameOf(program);
  if (isMissing) throw new ProgramError('SystemUnavailable', `${name} is not there`);
  const firstLine = stderr.trim().split('\n')[0]?.slice(0, 200) ?? '';
  const detail = firstLine === '' ? '' : `: ${firstLine}`;
  if (code === null) throw new ProgramError('Timeout', `${name} was ended before it answered${detail}`);
  if (code !== 0 && !anyCode) throw new ProgramError(DENIED.test(stderr) ? 'PermissionDenied' : 'SystemUnavailable', `${name} failed with exit code ${code}${detail}`);
  if (stdout.trim() === '') throw new ProgramError('SystemUnavailable', `${name} answered with nothing${detail}`);
  return stdout;
}

/** While the app is ending none is started. */
const NOT_STARTED: RunningProgram = { pid: null, kill: () => undefined };

/** Creates it; `mono` is a monotonic clock, ms. */
export function createPrograms(exec: Exec, start: StartProgram, mono: () => number): Programs {
  const inFlight = new Map<string, Promise<string>>();
  const running = new Set<RunningProgram>();
  const ending = new AbortController();
  let started = 0;
  let milliseconds = 0;
  const run = async (program: string, args: readonly string[], timeout: number, anyCode: boolean): Promise<string> => {
    if (ending.signal.aborted) throw new ProgramError('SystemUnavailable', 'Traywatch is ending');
    const at = mono();
    started += 1;
    const result = await exec(program, args, timeout, ending.signal);
    milliseconds += mono() - at;
    return outputOf(program, result, anyCode);
  };
  return {
    read(program, args, timeout, how) {
      const key = [program, ...args].join('\0');
      const joined = inFlight.get(key);
      if (joined !== undefined) return joined;
      const output = run(program, args, timeout, how?.anyCode ?? false).finally(() => inFlight.delete(key));
      inFlight.set(key, output);
      return output;
    },
    follow(program, args, follower) {
      if (ending.signal.aborted) return NOT_STARTED;
      const one = start(program, args, {
        onLine: (line) => follower.onLine(line),
        onEnd: (end) => {
          running.delete(one);
          follower.onEnd(end);
        },
      });
      running.add(one);
      return one;
    },
    followed: () => [...running].flatMap(({ pid }) => (pid === null ? [] : [pid])),
    cost: () => ({ started, milliseconds }),
    close() {
      ending.abort();
      for (const one of running) one.kill();
    },
  };
}
