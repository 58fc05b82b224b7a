import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, linkSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readLayout } from '../../../../../src/main/engine/containers/disk/layout.linux';
import type { Layout } from '../../../../../src/main/engine/containers/disk/layout.linux';
import { walkFolder } from '../../../../../src/main/engine/containers/disk/walk.linux';
import type { WalkProgress, WalkResult } from '../../../../../src/main/engine/containers/disk/walk.linux';

const NO_LAYOUT: Layout = { parts: new Map(), knowsContainers: false };
const KB = 1024;

function createTree(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'traywatch-walk-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const put = (path: string, kilobytes: number): void => writeFileSync(path, Buffer.alloc(kilobytes * KB, 1));
function finish(steps: Generator<WalkProgress, WalkResult>): WalkResult {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
const walk = (folder: string, layout = NO_LAYOUT, maxLinks?: number): WalkResult => finish(walkFolder(folder, layout, maxLinks));
/** What du counts, bytes. */
const du = (folder: string): number => Number(execFileSync('du', ['-sx', '--block-size=1', folder], { encoding: 'utf8' }).split('\t')[0]);

/** A tree with what makes counting hard. */
function createHardTree(): string {
  const folder = createTree();
  mkdirSync(join(folder, 'a/b/c'), { recursive: true });
  put(join(folder, 'a/one'), 100);
  put(join(folder, 'a/b/two'), 300);
  for (let n = 0; n < 5; n += 1) linkSync(join(folder, 'a/one'), join(folder, `a/b/c/link${n}`));
  writeFileSync(join(folder, 'sparse'), 'x');
  truncateSync(join(folder, 'sparse'), 1024 ** 4);
  symlinkSync('/usr', join(folder, 'elsewhere'));
  symlinkSync(folder, join(folder, 'a/circle'));
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/a/`), Buffer.from([0xff, 0xfe, 0x41])]), Buffer.alloc(50 * KB, 1));
  mkdirSync(join(folder, 'a/Größe und Ähnliches'));
  put(join(folder, 'a/Größe und Ähnliches/日本'), 40);
  return folder;
}

describe('a walk', () => {
  it('counts blocks, names of one file once, and names that are not UTF-8, as du does', () => {
    const folder = createHardTree();
    const result = walk(folder);
    expect(result.bytes).toBe(du(folder));
    expect(result.bytes).toBeGreaterThanOrEqual(490 * KB);
    expect(result).toMatchObject({ files: 12, denied: 0, failed: 0, isCapped: false, containers: null, volumes: null });
  });

  it('leaves other file systems out', (context) => {
    const folder = createHardTree();
    const inner = join(folder, 'a/mounted');
    mkdirSync(inner);
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'none', inner], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`nothing can be mounted here: ${String(error)}`);
    }
    onTestFinished(() => void execFileSync('umount', [inner]));
    const before = walk(folder).bytes;
    put(join(inner, 'large'), 5000);
    expect(walk(folder).bytes).toBe(before);
    expect(walk(folder).bytes).toBe(du(folder));
  });

  it('goes on over files and folders that vanish meanwhile', () => {
    const folder = createTree();
    for (let n = 0; n < 50; n += 1) {
      mkdirSync(join(folder, `d${n}`));
      put(join(folder, `d${n}/file`), 4);
    }
    const steps = walkFolder(folder, NO_LAYOUT);
    for (let n = 0; n < 60; n += 1) expect(steps.next().done).toBe(false);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    const result = finish(steps);
    expect(result).toMatchObject({ denied: 0, failed: 0 });
    expect(result.files).toBeGreaterThan(50);
    expect(result.files).toBeLessThan(101);
  });

  it('tells how far it is', () => {
    const folder = createHardTree();
    const seen: WalkProgress[] = [];
    const steps = walkFolder(folder, NO_LAYOUT);
    for (let step = steps.next(); step.done !== true; step = steps.next()) seen.push({ ...step.value });
    expect(seen).toHaveLength(16);
    expect(seen.every(({ bytes }, index) => bytes >= (seen[index - 1]?.bytes ?? 0))).toBe(true);
  });

  it('remembers so many files with several names, and says when they are more', () => {
    const folder = createTree();
    for (const name of ['a', 'b', 'c']) {
      put(join(folder, name), 100);
      linkSync(join(folder, name), join(folder, `${name}2`));
    }
    expect(walk(folder, NO_LAYOUT, 3)).toMatchObject({ bytes: du(folder), isCapped: false });
    const capped = walk(folder, NO_LAYOUT, 2);
    expect(capped.isCapped).toBe(true);
    expect(capped.bytes - du(folder)).toBeGreaterThanOrEqual(100 * KB);
  });

  it('throws where there is no such folder', () => {
    expect(() => walk('/nonexistent')).toThrow('ENOENT');
  });

  it('counts what may not be read, and throws where that is the folder itself', (context) => {
    const folder = createHardTree();
    put(join(folder, 'shown'), 4);
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0);
    chmodSync(folder, 0o755);
    if (process.getuid?.() !== 0) {
      expect(walk(folder)).toMatchObject({ denied: 1 });
      return;
    }
    if (process.setegid === undefined || process.seteuid === undefined) {
      context.skip('this process cannot become another user');
      return;
    }
    process.setegid(65_534);
    process.seteuid(65_534);
    try {
      expect(walk(folder)).toMatchObject({ denied: 1, failed: 0 });
      expect(() => walk(join(folder, 'closed'))).toThrow('EACCES');
    } finally {
      process.seteuid(0);
      process.setegid(0);
    }
  });
});

describe('the parts of a data folder', () => {
  it('of Docker are told by its folders and by the layers that it notes for containers', () => {
    const folder = createTree();
    for (const inner of ['volumes/shop/_data', 'containers/c1', 'overlay2/m1/diff', 'overlay2/m1-init/diff', 'overlay2/i1/diff', 'image/overlay2/layerdb/mounts/c1']) mkdirSync(join(folder, inner), { recursive: true });
    writeFileSync(join(folder, 'image/overlay2/layerdb/mounts/c1/mount-id'), 'm1');
    writeFileSync(join(folder, 'image/overlay2/layerdb/mounts/c1/init-id'), 'm1-init');
    put(join(folder, 'volumes/shop/_data/rows'), 700);
    put(join(folder, 'containers/c1/c1-json.log'), 30);
    put(join(folder, 'overlay2/m1/diff/tmp'), 90);
    put(join(folder, 'overlay2/i1/diff/bin'), 400);
    const result = walk(folder, readLayout(folder));
    expect(result.volumes).toBe(du(join(folder, 'volumes')));
    expect(result.containers).toBe(['containers', 'overlay2/m1', 'overlay2/m1-init'].reduce((sum, inner) => sum + du(join(folder, inner)), 0));
    expect(result.bytes).toBe(du(folder));
  });

  it('of Podman are told by its list of containers', () => {
    const folder = createTree();
    for (const inner of ['volumes/shop/_data', 'overlay-containers/c1/userdata', 'overlay/l1/diff', 'overlay/l2/diff']) mkdirSync(join(folder, inner), { recursive: true });
    writeFileSync(join(folder, 'overlay-containers/containers.json'), JSON.stringify([{ id: 'c1', layer: 'l1' }, { id: 'c2' }, null]));
    put(join(folder, 'overlay/l1/diff/tmp'), 90);
    put(join(folder, 'overlay/l2/diff/bin'), 400);
    const result = walk(folder, readLayout(folder));
    expect(result.containers).toBe(du(join(folder, 'overlay-containers')) + du(join(folder, 'overlay/l1')));
  });

  it('are not made up where nothing tells them', () => {
    const folder = createTree();
    put(join(folder, 'file'), 4);
    expect(walk(folder, readLayout(folder))).toMatchObject({ containers: null, volumes: null });
    mkdirSync(join(folder, 'overlay-containers'));
    appendFileSync(join(folder, 'overlay-containers/containers.json'), '[{');
    expect(walk(folder, readLayout(folder))).toMatchObject({ volumes: null });
  });
});
