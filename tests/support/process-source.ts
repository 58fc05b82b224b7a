/** A source of processes that tells what a test says, and counts how often it is asked. */
import type { ReadDetail, RawProcessSnapshot, ProcessSource, RawProcess } from '../../src/main/engine/processes/process-source';
import type { SnapshotParts } from '../../src/main/engine/processes/culprit-finder';
import type { ProcessInfo } from '../../src/shared/processes/process-schemas';
import { FakeTime, settle } from './collectors';

/** A process, its counters at nothing unless said. */
export function raw(pid: number, own: Partial<RawProcess> = {}): RawProcess {
  const born = own.born ?? pid;
  const counters = { busySeconds: 0, cpu: null, memory: 1000, readBytes: 0, writtenBytes: 0 };
  return { pid, key: `${pid}-${born}`, name: `p${pid}`, born, ...counters, user: 'ada', command: `/bin/p${pid}`, startedAt: 0, ...own };
}

/** A process as the table has it. */
export function info(pid: number, own: Partial<ProcessInfo> = {}): ProcessInfo {
  return { pid, key: String(pid), name: `p${pid}`, command: `/bin/p${pid}`, user: 'ada', cpu: 0, memory: 0, read: 0, written: 0, startedAt: 0, ...own };
}

/** Depths asked for, and what each look answers. */
export class FakeSource implements ProcessSource {
  spawns = false;
  readonly asked: ReadDetail[] = [];
  forgotten = 0;
  failure: Error | null = null;
  readonly time: FakeTime;
  processes: (snapshot: number) => readonly RawProcess[];

  constructor(time: FakeTime, processes: (snapshot: number) => readonly RawProcess[]) {
    this.time = time;
    this.processes = processes;
  }

  async snapshot(depth: ReadDetail): Promise<RawProcessSnapshot> {
    this.asked.push(depth);
    if (this.failure !== null) throw this.failure;
    return { time: this.time.now(), mono: this.time.mono(), processes: this.processes(this.asked.length) };
  }

  forget(): void {
    this.forgotten += 1;
  }
}

/** A source with the parts around it, on a clock moved by hand. */
export function snapshotParts(processes: (snapshot: number) => readonly RawProcess[]): { time: FakeTime; source: FakeSource; parts: SnapshotParts } {
  const time = new FakeTime();
  const source = new FakeSource(time, processes);
  return { time, source, parts: { source, timers: time, slicing: { mono: time.mono, yieldToEventLoop: () => Promise.resolve() } } };
}

/** Waits for an answer that needs time to pass. */
export async function after<T>(time: FakeTime, ms: number, answer: Promise<T>): Promise<T> {
  // Handled at once: a rejection is the test's to look at, but only after the time has passed.
  answer.catch(() => undefined);
  await settle();
  await time.pass(ms);
  return answer;
}
