/** Machines with graphics cards, from tests/fixtures/gpu, in a temporary folder that a test may change. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const FIXTURES = join(import.meta.dirname, '../fixtures/gpu');

/** A recorded output or file. */
export const gpuFixture = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');

type Content = string | null;

const MACHINES = JSON.parse(gpuFixture('machines.json')) as Readonly<Record<string, Readonly<Record<string, Content>>>>;

/** The tree. A file that answers with an error is a folder: reading it fails, too, only with another code. */
export class GpuTree {
  readonly root = mkdtempSync(join(tmpdir(), 'traywatch-gpu-'));

  constructor(...machines: readonly string[]) {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    for (const name of machines) for (const [path, content] of Object.entries(MACHINES[name] ?? {})) this.put(path, content);
    this.put('usr/share/libdrm/amdgpu.ids', gpuFixture('amdgpu.ids'));
  }

  put(path: string, content: Content): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { recursive: true, force: true });
    if (content === null) mkdirSync(file);
    else if (content.startsWith('→')) symlinkSync(content.slice(1), file);
    else writeFileSync(file, content);
  }

  /** Writes into a file that may be open, as a kernel does. */
  set(path: string, content: string): void {
    writeFileSync(join(this.root, path), content);
  }

  /** Puts a program where nvidia-smi is looked for. */
  program(script: string): void {
    this.put('usr/bin/nvidia-smi', script);
    chmodSync(join(this.root, 'usr/bin/nvidia-smi'), 0o755);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }
}

/** Files below a folder. Links are not followed: they lead back up. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [path] : [];
  });

/** Tells which files below a folder were read since: the kernel notes the time where it is older than the last change. */
export function watchReads(folder: string): () => string[] {
  const paths = filesIn(folder);
  for (const path of paths) utimesSync(path, 1, Date.now() / 1000);
  return () => paths.filter((path) => lstatSync(path).atimeMs > 1000).map((path) => path.slice(folder.length + 1));
}
