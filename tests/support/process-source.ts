/** A fake process source that returns what a test gives it and records its calls. */
import type { ReadDetail, RawProcessSnapshot, ProcessSource, RawProcess } from '../../src/main/engine/processes/process-source';
import type { SnapshotParts } from '../../src/main/engine/processes/culprit-finder';
import type { ProcessInfo } from '../../src/shared/processes/process-schemas';
import { FakeTime, settle } from './collectors';

/** A process as read from the system; its counters are 0 by default. */
export function raw(pid: number, own: Partial<RawProcess> = {}): RawProcess {
  const born = own.born ?? pid;
  const counters = { busySeconds: 0, cpu: null, memory: 1000, readBytes: 0, writtenBytes: 0 };
  return { pid, key: `${pid}-${born}`, name: `p${pid}`, born, ...counters, user: 'ada', command: `/bin/p${pid}`, startedAt: 0, container: null, ...own };
}

/** A row of the process table. */
export function info(pid: number, own: Partial<ProcessInfo> = {}): ProcessInfo {
  return { pid, key: String(pid), name: `p${pid}`, command: `/bin/p${pid}`, user: 'ada', cpu: 0, memory: 0, read: 0, written: 0, startedAt: 0, container: null, ...own };
}

/** Records the requested details; `processes` gives the result of each snapshot, numbered from 1. */
export class FakeSource implements ProcessSource {
  startsProcess = false;
  readonly requested: ReadDetail[] = [];
  forgetCalls = 0;
  failure: Error | null = null;
  /** Containers by process id, and the ids they were asked for. */
  readonly containers = new Map<number, string>();
  readonly askedFor: number[][] = [];
  readonly time: FakeTime;
  processes: (snapshot: number) => readonly RawProcess[];

  constructor(time: FakeTime, processes: (snapshot: number) => readonly RawProcess[]) {
    this.time = time;
    this.processes = processes;
  }

  async snapshot(detail: ReadDetail): Promise<RawProcessSnapshot> {
    this.requested.push(detail);
    if (this.failure !== null) throw this.failure;
    return { time: this.time.now(), mono: this.time.mono(), processes: this.processes(this.requested.length) };
  }

  async containersOf(pids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    this.askedFor.push([...pids]);
    return new Map([...this.containers].filter(([pid]) => pids.includes(pid)));
  }

  forget(): void {
    this.forgetCalls += 1;
  }
}

/** A fake source with its dependencies, on a fake clock. */
export function snapshotParts(processes: (snapshot: number) => readonly RawProcess[]): { time: FakeTime; source: FakeSource; parts: SnapshotParts } {
  const time = new FakeTime();
  const source = new FakeSource(time, processes);
  return { time, source, parts: { source, timers: time, slicing: { mono: time.mono, yieldToEventLoop: () => Promise.resolve() } } };
}

/** Awaits a result that needs time to pass on the fake clock. */
export async function after<T>(time: FakeTime, ms: number, result: Promise<T>): Promise<T> {
  // Handled at once: the test sees a rejection only after the time has passed.
  result.catch(() => undefined);
  await settle();
  await time.pass(ms);
  return result;
}
