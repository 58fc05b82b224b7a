/** A fake /proc in a temporary folder, with the processes a test adds. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { yieldToEventLoop } from '../../src/main/engine/time-slicing';
import { linuxProcesses } from '../../src/main/engine/processes/processes.linux';
import { GuardedFiles } from '../../src/main/engine/processes/guarded-files.linux';
import type { ReadFirst } from '../../src/main/engine/processes/guarded-files.linux';
import type { OsUser } from '../../src/main/engine/processes/users.linux';
import type { ProcessSource } from '../../src/main/engine/processes/process-source';
import { FakeTime } from './collectors';

/** Contents of a process's files; a file whose content is null does not exist. */
export interface FakeProcess {
  readonly pid: number;
  readonly name?: string | Buffer;
  /** One letter, see proc(5); S (sleeping) by default. */
  readonly state?: string;
  readonly flags?: number;
  readonly utime?: number;
  readonly stime?: number;
  readonly born?: number;
  readonly pages?: number;
  /** Resident memory by kind of page, KiB, as in `status`; without it the lines are missing. */
  readonly resident?: { readonly anon: number; readonly file: number; readonly shmem: number };
  readonly uid?: number;
  readonly command?: string | null;
  readonly io?: { readonly read: number; readonly written: number } | null;
  /** Its path in the only hierarchy; without it the file is missing. */
  readonly cgroup?: string;
  /** True: only the stat file exists. */
  readonly statOnly?: boolean;
}

/** A line of `stat`, see proc(5). */
export function statOf({ pid, name = 'worker', state = 'S', flags = 0x400000, utime = 0, stime = 0, born = 1000, pages = 100 }: FakeProcess): Buffer {
  const rest = `) ${state} 1 ${pid} ${pid} 0 -1 ${flags} 99 0 0 0 ${utime} ${stime} 7 8 20 0 1 0 ${born} 3133440 ${pages} 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n`;
  return Buffer.concat([Buffer.from(`${pid} (`), Buffer.from(name), Buffer.from(rest)]);
}

/** Ten thousand folders are created quickly in memory, and in many seconds on a busy disk. */
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The tree, with methods to change it. */
export class FakeMachine {
  readonly root = mkdtempSync(join(PARENT, 'traywatch-proc-'));
  readonly time = new FakeTime();
  /** Names of containers by their ids. */
  readonly containers = new Map<string, string>();
  yields = 0;

  constructor() {
    mkdirSync(join(this.root, 'proc/self'), { recursive: true });
    mkdirSync(join(this.root, 'etc'));
    this.write('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n');
  }

  write(path: string, content: string | Buffer): void {
    writeFileSync(join(this.root, path), content);
  }

  put(process: FakeProcess): void {
    const { pid, uid = 1000, resident, cgroup, command = `/usr/bin/${String(process.name ?? 'worker')}`, io = { read: 0, written: 0 } } = process;
    const folder = `proc/${pid}`;
    mkdirSync(join(this.root, folder), { recursive: true });
    this.write(`${folder}/stat`, statOf(process));
    if (process.statOnly === true) return;
    const kinds = resident === undefined ? '' : `RssAnon:\t${resident.anon} kB\nRssFile:\t${resident.file} kB\nRssShmem:\t${resident.shmem} kB\n`;
    this.write(`${folder}/status`, `Name:\tworker\nUmask:\t0022\nUid:\t0\t${uid}\t0\t0\nGid:\t0\t0\t0\t0\n${kinds}`);
    if (cgroup !== undefined) this.write(`${folder}/cgroup`, `0::${cgroup}\n`);
    if (command !== null) this.write(`${folder}/cmdline`, command);
    if (io !== null) this.write(`${folder}/io`, `rchar: 9\nwchar: 9\nsyscr: 1\nsyscw: 1\nread_bytes: ${io.read}\nwrite_bytes: ${io.written}\ncancelled_write_bytes: 0\n`);
  }

  /** Puts a pipe that nobody writes in place of a file: it stands for a file whose read never ends. */
  stick(path: string): void {
    const full = join(this.root, path);
    rmSync(full, { force: true });
    execFileSync('/usr/bin/mkfifo', [full]);
  }

  end(pid: number): void {
    rmSync(join(this.root, `proc/${pid}`), { recursive: true });
  }

  /** `read` replaces the read of files that can block. */
  source(account: () => OsUser | null = () => null, read?: ReadFirst): ProcessSource {
    const countedYield = (): Promise<void> => {
      this.yields += 1;
      return yieldToEventLoop();
    };
    return linuxProcesses({ root: this.root, clock: this.time, account, containerNameOf: (id) => this.containers.get(id) ?? null, yieldToEventLoop: countedYield }, new GuardedFiles(this.time, read));
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** Runs a test on its own fake machine. */
export async function onMachine(test: (machine: FakeMachine) => Promise<void>): Promise<void> {
  const machine = new FakeMachine();
  try {
    await test(machine);
  } finally {
    machine.remove();
  }
}
