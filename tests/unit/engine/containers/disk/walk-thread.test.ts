import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureEngine } from '../../../../../src/main/engine/containers/disk/measure';
import { createWalkFolder } from '../../../../../src/main/engine/containers/disk/walk-client';
import type { WalkFolder } from '../../../../../src/main/engine/containers/disk/walk-client';
import type { WalkProgress } from '../../../../../src/main/engine/containers/disk/walk.linux';
import { readWalkedUsage } from '../../../../../src/main/engine/containers/disk/answers';
import { createCallbackLog } from '../../../../support/log';
import { hasDocker, startDocker } from '../../../../support/container-engines';

const can = await hasDocker();
const never = new AbortController().signal;
const ignored = { onProgress: () => undefined, onWarning: () => undefined };
const du = (folder: string): number => Number(execFileSync('du', ['-sx', '--block-size=1', folder], { encoding: 'utf8' }).split('\t')[0]);
/** Niceness of each thread of this process (proc(5): the 19th field, the 17th after the name). */
const niceness = (): number[] => readdirSync('/proc/self/task').map((id) => Number(readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]));

describe('the thread that walks', () => {
  let folder = '';
  let tree = '';
  let walk: WalkFolder;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'traywatch-walk-thread-')));
    // In memory where that is possible: so many files take long on a busy disk.
    tree = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : folder, 'traywatch-walk-tree-'));
    for (let n = 0; n < 100; n += 1) {
      mkdirSync(join(tree, `d${n}`), { recursive: true });
      for (let m = 0; m < 300; m += 1) writeFileSync(join(tree, `d${n}/f${m}`), 'x');
    }
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: resolve('src/main/engine/containers/disk/walk-worker.linux.ts'), outDir: join(folder, 'out'), rollupOptions: { output: { entryFileNames: 'walk-worker.mjs' } } },
    });
    walk = createWalkFolder(join(folder, 'out', 'walk-worker.mjs'));
  }, 60_000);

  afterAll(() => [folder, tree].forEach((path) => rmSync(path, { recursive: true, force: true })), 60_000);

  it('counts what du counts, and reports meanwhile', async () => {
    const seen: WalkProgress[] = [];
    const warnings: string[] = [];
    const result = await walk(tree, { signal: never, onProgress: (progress) => void seen.push(progress), onWarning: (text) => void warnings.push(text) });
    expect(result).toMatchObject({ files: 30_101, bytes: du(tree), denied: 0, failed: 0 });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(({ files }, index) => files > (seen[index - 1]?.files ?? 0))).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('has the lowest priority, and this one keeps its own', async () => {
    const lowest = (): number => niceness().filter((nice) => nice === 19).length;
    const before = lowest();
    const during: number[] = [];
    await walk(tree, { ...ignored, signal: never, onProgress: () => void during.push(lowest() - before) });
    expect(new Set(during)).toEqual(new Set([1]));
    expect(lowest()).toBe(before);
  });

  it('ends when it is cancelled, and leaves nothing running', async () => {
    const before = readdirSync('/proc/self/task').length;
    const abort = new AbortController();
    const walked = walk(tree, { ...ignored, signal: abort.signal, onProgress: () => abort.abort(new Error('cancelled')) });
    await expect(walked).rejects.toThrow('cancelled');
    expect(readdirSync('/proc/self/task').length).toBeLessThanOrEqual(before);
    await expect(walk(tree, { ...ignored, signal: abort.signal })).rejects.toThrow('cancelled');
  });

  it('rejects with the error of the system', async () => {
    await expect(walk(join(folder, 'nothing'), { ...ignored, signal: never })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.skipIf(!can)('counts the data of a real Docker as du and Docker do', { timeout: 120_000 }, async () => {
    const docker = await startDocker('usual');
    try {
      docker.cli('volume', 'create', 'shop-data');
      docker.cli('run', '--network', 'none', '-v', 'shop-data:/data', 'local', '/bin/sh', '-c', 'dd if=/dev/zero of=/data/rows bs=1M count=9; dd if=/dev/zero of=/log bs=1M count=4');
      const running = docker.cli('run', '-d', '--network', 'none', 'local', '/bin/sleep', '600');
      const told = readWalkedUsage(await docker.ask('/system/df'));
      const engine = { id: 'docker', kind: 'docker' as const, label: 'Docker', folder: docker.data, isHere: true, json: (path: string) => docker.ask(path) };
      const log = createCallbackLog(() => undefined);
      const { walked } = await measureEngine(engine, { place: { folder: docker.data, space: () => Promise.resolve(null), walk }, log }, { signal: never, report: () => undefined });
      // The merged folder of the running container is another file system. The daemon writes meanwhile.
      expect(Math.abs((walked.folder ?? 0) - du(docker.data))).toBeLessThan(1024 ** 2);
      expect(Math.abs((walked.volumes ?? 0) - (told.volumes ?? 0))).toBeLessThan(1024 ** 2);
      // With their logs and settings, which Docker leaves out.
      expect(Math.abs((walked.containers ?? 0) - (told.containers ?? 0))).toBeLessThan(1024 ** 2);
      const asked = await measureEngine(engine, { place: null, log }, { signal: never, report: () => undefined });
      expect(asked).toMatchObject({ walked: { folder: null, ...told }, cheap: { buildCache: 0, isApproximate: false } });
      expect(asked.cheap?.images).toBeGreaterThan(500_000);
      docker.cli('kill', running);
    } finally {
      await docker.stop();
    }
  });
});
