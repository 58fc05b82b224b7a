/** A machine in a temporary folder whose mounts, and what they answer, a test changes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FileSystemSpace } from '../../src/main/engine/collectors/deps';
import { linuxDisk } from '../../src/main/engine/collectors/disk.linux';
import type { ReadingOf } from '../../src/shared/metrics/reading';
import { machineDeps } from './recorded-machine';

/** 44.4 % in use. */
export const SPACE: FileSystemSpace = { bsize: 4096, blocks: 1000, bfree: 600, bavail: 500, files: 100, ffree: 25 };
export const FULL: FileSystemSpace = { ...SPACE, bfree: 0, bavail: 0 };

/** Blocks of 4096 bytes. */
const GIB = 2 ** 18;

/** A file system of so many GiB, and what of it is free. */
export const gib = (used: number, available: number): FileSystemSpace => ({ bsize: 4096, blocks: (used + available) * GIB, bfree: available * GIB, bavail: available * GIB, files: 0, ffree: 0 });

/** The disk collector on such a machine; it records which paths were asked. */
export class DiskMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'disks-'));
  readonly asked: (string | Buffer)[] = [];
  networkMounts = false;
  spaceOf: (path: string | Buffer) => FileSystemSpace | Promise<FileSystemSpace> = () => SPACE;
  mono = 0;
  after: (ms: number, fn: () => void) => () => void = () => () => undefined;
  readonly #collector = linuxDisk({
    ...machineDeps('laptop', {
      clock: { now: () => this.mono, mono: () => this.mono, boot: () => 0 },
      timers: { after: (ms, fn) => this.after(ms, fn) },
      statfs: async (path: string | Buffer) => (this.asked.push(path), this.spaceOf(path)),
      networkMounts: () => this.networkMounts,
    }),
    root: this.root,
  });

  /** Writes a file of the machine. */
  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  mount(...lines: string[]): this {
    this.write('proc/self/mountinfo', Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
    return this;
  }

  async read(): Promise<ReadingOf<'disk'>> {
    return this.#collector.toReading(await this.#collector.read(), null);
  }

  /** Usage in percent by mount point. */
  async usages(): Promise<Record<string, number | null>> {
    return Object.fromEntries(Object.entries((await this.read()).devices).map(([id, { values }]) => [id, values.usage]));
  }

  async names(): Promise<string[]> {
    return Object.keys((await this.read()).devices);
  }

  remove(): void {
    this.#collector.close?.();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A root on a disk of its own. */
export const ROOT = '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw';
