/**
 * Reads the files of /proc/<pid> that can block, off the main thread and with a deadline.
 *
 * Which can, as of fs/proc/base.c of the kernel (see also proc(5)):
 *   cmdline   is copied from the process's own memory (get_mm_cmdline, access_remote_vm). That takes the lock of its
 *             address space, mmap_lock, which another thread of it may hold for as long as a disk, a network or a FUSE
 *             server does not respond, and may need a page that first has to be read from there. The same holds for
 *             environ, maps, smaps and smaps_rollup, which are not read here.
 *   io        takes exec_update_lock (do_io_accounting), which a process holds while it starts another program,
 *             usually for microseconds; before 5.11 cred_guard_mutex, until that program was read from its disk. It is guarded for
 *             processes that wait, and for those that have not started a program since they were forked.
 *   exe, cwd  are links: reading the link itself does not block, following it does. They are not read here.
 * Not these, which only copy counters under spinlocks and are therefore read at once:
 *   stat      (do_task_stat), statm (task_statm), status (proc_pid_status), and comm;
 *   cgroup    (proc_cgroup_show) takes the mutex of all cgroups as well, which nobody holds while waiting for a device.
 *
 * The state in `stat` does not tell whether a command line can be read: the lock may be held by a thread that is not the
 * first, and a process that waits for a FUSE server counts as sleeping.
 */
import { closeSync, constants, openSync, read } from 'node:fs';
import type { Timers } from '../clock';
import { accessFault } from '../collectors/faults';
import { isAbsent } from '../collectors/files';

/** A file to read, and what to do with its content. */
export interface GuardedRead {
  readonly path: string;
  /** Takes the first page, valid until it returns; null if the file is absent. Not called if the file was not read. */
  take(content: Buffer | null): void;
}

/** Reads from the start of a file just opened into the buffer, without blocking this thread, as fs.read does. */
export type ReadFirst = (fd: number, buffer: Buffer, done: (error: Error | null, length: number) => void) => void;

/** A read that takes longer than this, ms, counts as hanging: the kernel needs microseconds for one that does not. */
const HANGING_AFTER = 500;
/** One page: the kernel returns no more of these files at once, and longer command lines are cut anyway. */
const PAGE = 4096;
/** A pipe in place of a file would block the call that opens it; opening a file of /proc blocks in no case. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

const readFirst: ReadFirst = (fd, buffer, done) => read(fd, buffer, 0, buffer.length, null, done);

/**
 * Reads files one after another. A hanging read occupies one of the four threads that all file access of the process
 * shares, two of which network mounts may occupy: while one hangs, no other is begun.
 */
export class GuardedFiles {
  readonly #timers: Timers;
  readonly #read: ReadFirst;
  readonly #buffer = Buffer.allocUnsafe(PAGE);
  #isReading = false;
  #last: Promise<void> = Promise.resolve();

  constructor(timers: Timers, readWith = readFirst) {
    this.#timers = timers;
    this.#read = readWith;
  }

  /**
   * Reads the files in order. Resolves when all were read, or earlier when one hangs; those after it are not read then.
   * Rejects with a CollectorError if a file cannot be read for another reason than that it is absent.
   */
  readAll(requests: readonly GuardedRead[]): Promise<void> {
    if (requests.length === 0) return Promise.resolve();
    const all = this.#last.then(() => this.#run(requests));
    this.#last = all.catch(() => undefined);
    return all;
  }

  async #run(requests: readonly GuardedRead[]): Promise<void> {
    if (this.#isReading) return;
    let done = 0;
    const late = whenStopped(this.#timers, () => done);
    const readEach = async (): Promise<void> => {
      for (const { path, take } of requests) {
        const content = await this.#readOne(path);
        if (late.isOver) return;
        take(content);
        done += 1;
      }
    };
    try {
      await Promise.race([readEach(), late.promise]);
    } finally {
      late.cancel();
    }
  }

  async #readOne(path: string): Promise<Buffer | null> {
    try {
      return await this.#firstPage(openSync(path, OPEN_FLAGS));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw accessFault(error, path);
    }
  }

  /** Reads and closes a file. Settles only when the read has ended. */
  #firstPage(fd: number): Promise<Buffer> {
    this.#isReading = true;
    return new Promise((resolve, reject) => {
      this.#read(fd, this.#buffer, (error, length) => {
        this.#isReading = false;
        closeSync(fd);
        if (error === null) resolve(this.#buffer.subarray(0, length));
        else reject(error);
      });
    });
  }
}

/** Resolves `promise` once the count has not changed for a while; one timer, whatever the number of steps. */
function whenStopped(timers: Timers, count: () => number): { readonly promise: Promise<void>; readonly isOver: boolean; cancel(): void } {
  let seen = count();
  let isOver = false;
  let cancelTimer = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    const watch = (): void => {
      cancelTimer = timers.after(HANGING_AFTER, () => {
        isOver = count() === seen;
        seen = count();
        if (isOver) resolve();
        else watch();
      });
    };
    watch();
  });
  return {
    promise,
    get isOver() {
      return isOver;
    },
    cancel: () => cancelTimer(),
  };
}
