/** Processes of Windows, all in one call (NtQuerySystemInformation); no program is started. */
import type { Clock } from '../clock';
import { CollectorError } from '../collectors/collector';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';
import { LayoutCheck } from '../windows/layout-check';
import type { LoadWindows, WindowsLibrary } from '../windows/library';
import { checkProcesses, epochOf, parseFollowingText, parseProcesses, parseTokenUser } from '../windows/process-entries';
import type { OwnProcess, ProcessEntry } from '../windows/process-entries';
import type { ProcessMemory, ProcessSource, RawProcess, RawProcessSnapshot, ReadDetail } from './process-source';
import { sanitizeCommand, sanitizeName } from './sanitize';

/** Dependencies of the source. */
export interface WindowsParts {
  readonly load: LoadWindows;
  readonly clock: Clock;
  /** Name of the user this program runs as. */
  ownName(): string;
  /** This process, as it knows itself. */
  own(): OwnProcess;
  /** Bytes of memory. */
  totalMemory(): number;
  yieldToEventLoop(): Promise<void>;
}

/** Accounts of the system by their well-known identifiers (winnt.h). */
const SYSTEM_ACCOUNTS: Readonly<Record<string, string>> = { 'S-1-5-18': 'SYSTEM', 'S-1-5-19': 'LOCAL SERVICE', 'S-1-5-20': 'NETWORK SERVICE' };

/** What a process keeps from its start to its end. */
interface Facts {
  readonly command: string | null;
  readonly user: string | null;
}

const UNKNOWN: Facts = { command: null, user: null };

class WindowsProcesses implements ProcessSource {
  readonly startsProcess = false;
  readonly #parts: WindowsParts;
  readonly #slicing: TimeSlicing;
  readonly #check = new LayoutCheck();
  #facts = new Map<string, Facts>();
  /** Resident bytes of each process alone, of the latest snapshot. */
  #privateMemory: ReadonlyMap<number, number> = new Map();
  #ownSid: string | null = null;

  constructor(parts: WindowsParts) {
    this.#parts = parts;
    this.#slicing = { mono: () => parts.clock.mono(), yieldToEventLoop: () => parts.yieldToEventLoop() };
  }

  async snapshot(detail: ReadDetail): Promise<RawProcessSnapshot> {
    const { clock, load } = this.#parts;
    const library = await load();
    const list = await library.processes();
    const [time, mono] = [clock.now(), clock.mono()];
    const entries = parseProcesses(list);
    this.#check.ensure(() => checkProcesses(entries, this.#parts.own()));
    this.#privateMemory = new Map(entries.map(({ pid, privateWorkingSet }) => [pid, privateWorkingSet]));
    // The idle process is none, and uses what nobody does. One without a thread has ended, and somebody still asks about it.
    const real = entries.filter(({ pid, threads }) => pid !== 0 && threads > 0);
    if (detail === 'full') await this.#learn(library, real);
    return { time, mono, processes: real.map((entry) => this.#rawOf(entry)) };
  }

  /** What the members share counts as that of the one that shares most; where the system does not tell what is shared, all counts. Never more than there is. */
  groupMemory(groups: readonly (readonly ProcessMemory[])[]): Promise<readonly number[]> {
    const together = (members: readonly ProcessMemory[]): number => {
      let [own, shared] = [0, 0];
      for (const { pid, memory } of members) {
        const alone = this.#privateMemory.get(pid) ?? 0;
        const all = memory ?? 0;
        own += alone > 0 ? Math.min(alone, all) : all;
        if (alone > 0) shared = Math.max(shared, all - alone);
      }
      return Math.min(this.#parts.totalMemory(), own + shared);
    };
    return Promise.resolve(groups.map(together));
  }

  forget(): void {
    this.#facts = new Map();
  }

  #rawOf(entry: ProcessEntry): RawProcess {
    const key = keyOf(entry);
    const { command, user } = this.#facts.get(key) ?? UNKNOWN;
    const startedAt = epochOf(entry.created);
    return {
      pid: entry.pid,
      key,
      name: sanitizeName(entry.name),
      born: startedAt ?? 0,
      busySeconds: entry.busySeconds,
      cpu: null,
      memory: entry.workingSet,
      readBytes: entry.readBytes,
      writtenBytes: entry.writtenBytes,
      user,
      command,
      startedAt,
      container: null,
    };
  }

  /** Asks each new process for its command line and user, once. */
  async #learn(library: WindowsLibrary, entries: readonly ProcessEntry[]): Promise<void> {
    const before = this.#facts;
    const facts = new Map<string, Facts>();
    await forEachInSlices(entries, (entry) => facts.set(keyOf(entry), before.get(keyOf(entry)) ?? this.#ask(library, entry)), this.#slicing);
    this.#facts = facts;
  }

  #ask(library: WindowsLibrary, { pid }: ProcessEntry): Facts {
    const details = library.processDetails(pid);
    if (details === null) return UNKNOWN;
    return {
      command: details.commandLine === null ? null : whereKnown(() => sanitizeCommand(parseFollowingText(details.commandLine ?? Buffer.alloc(0)))),
      user: details.user === null ? null : this.#nameOf(library, details.user),
    };
  }

  /** Names of accounts other than these would be asked of a server. */
  #nameOf(library: WindowsLibrary, user: Buffer): string | null {
    const sid = whereKnown(() => parseTokenUser(user));
    if (sid === null) return null;
    const own = library.ownUser();
    this.#ownSid ??= own === null ? null : parseTokenUser(own);
    return sid === this.#ownSid ? sanitizeName(this.#parts.ownName()) : (SYSTEM_ACCOUNTS[sid] ?? null);
  }
}

/** An id is given again to another process, but not at the same time. */
const keyOf = ({ pid, created }: ProcessEntry): string => `${pid}-${created}`;

/** What one process tells of itself is unknown where it makes no sense; the others are not. */
function whereKnown(read: () => string | null): string | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CollectorError) return null;
    throw error;
  }
}

/** Creates the source; nothing is read before the first snapshot. */
export function win32Processes(parts: WindowsParts): ProcessSource {
  return new WindowsProcesses(parts);
}
