/** Writes the files of a made-up machine into a folder, and rewrites them so that a reader never sees half of one. */
import { closeSync, ftruncateSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files, LiveFiles } from './moment';
import type { ProcessFiles } from './tree-processes';

/** Read by name each time, so replaced by name; all others may be held open, so they are rewritten in place. */
const REPLACED = new Set(['traywatch/space.json']);

/** A file that is rewritten in place. */
interface Held {
  readonly fd: number;
  length: number;
}

/** Writes a tree below `root`. */
export class TreeWriter {
  readonly root: string;
  readonly #held = new Map<string, Held>();
  #pids = new Set<number>();

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true });
  }

  /** Files that are written once. */
  create(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      const full = join(this.root, path);
      mkdirSync(content === null ? full : dirname(full), { recursive: true });
      if (content === null) continue;
      if (typeof content === 'string') writeFileSync(full, content);
      else symlinkSync(content.link, full);
    }
  }

  /** Files that change. In place, with one write; one that gets shorter is cut afterwards. */
  update(files: LiveFiles): void {
    for (const [path, content] of Object.entries(files)) {
      if (REPLACED.has(path)) this.#replace(path, content);
      else this.#rewrite(path, content);
    }
  }

  /** The processes there are now. A new one appears with all its files, and one that is gone goes as a whole. */
  updateProcesses(processes: readonly ProcessFiles[]): void {
    const now = new Set(processes.map(({ pid }) => pid));
    for (const pid of this.#pids) if (!now.has(pid)) this.#removeProcess(pid);
    for (const process of processes) {
      if (this.#pids.has(process.pid)) this.#updateProcess(process);
      else this.#addProcess(process);
    }
    this.#pids = now;
  }

  /** Closes all files. */
  close(): void {
    for (const { fd } of this.#held.values()) closeSync(fd);
    this.#held.clear();
  }

  #rewrite(path: string, content: string): void {
    let held = this.#held.get(path);
    if (held === undefined) {
      const full = join(this.root, path);
      mkdirSync(dirname(full), { recursive: true });
      held = { fd: openSync(full, 'w'), length: 0 };
      this.#held.set(path, held);
    }
    const bytes = Buffer.from(content);
    writeSync(held.fd, bytes, 0, bytes.length, 0);
    if (bytes.length < held.length) ftruncateSync(held.fd, bytes.length);
    held.length = bytes.length;
  }

  #replace(path: string, content: string): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(`${full}.new`, content);
    renameSync(`${full}.new`, full);
  }

  #addProcess({ pid, stat, status, cmdline, io }: ProcessFiles): void {
    const hidden = join(this.root, `proc/new-${pid}`);
    mkdirSync(hidden, { recursive: true });
    for (const [name, content] of Object.entries({ stat, status, cmdline, io })) writeFileSync(join(hidden, name), content);
    renameSync(hidden, join(this.root, `proc/${pid}`));
  }

  #updateProcess({ pid, stat, io }: ProcessFiles): void {
    this.#replace(`proc/${pid}/stat`, stat);
    this.#replace(`proc/${pid}/io`, io);
  }

  #removeProcess(pid: number): void {
    const hidden = join(this.root, `proc/old-${pid}`);
    renameSync(join(this.root, `proc/${pid}`), hidden);
    rmSync(hidden, { recursive: true });
  }
}
