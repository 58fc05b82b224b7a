import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { lockFolder } from '../../../../src/main/engine/store/folder-lock';
import type { FolderLock } from '../../../../src/main/engine/store/folder-lock';
import { createFolder, ODD_FILES } from '../../../support/odd-files';

function lock(folder: string): FolderLock {
  const taken = lockFolder(folder, 0);
  onTestFinished(() => (taken.state === 'held' ? taken.release() : undefined));
  return taken;
}

describe('a locked folder', () => {
  it('has one owner, until that lets go', () => {
    const folder = join(createFolder(), 'new');
    const first = lock(folder);
    expect(first.state).toBe('held');
    expect(lock(folder)).toEqual({ state: 'taken', reason: `Another Traywatch process uses ${folder}. Quit it first, or start this one with a folder of its own: --user-data-dir=DIR` });
    expect(lock(join(createFolder(), 'other')).state).toBe('held');
    if (first.state === 'held') first.release();
    expect(lock(folder).state).toBe('held');
    expect([readdirSync(folder), statSync(join(folder, 'traywatch.lock')).size]).toEqual([['traywatch.lock'], 0]);
  });

  it('is one by whatever path it is reached', () => {
    const folder = createFolder();
    symlinkSync(folder, `${folder}-link`);
    onTestFinished(() => unlinkSync(`${folder}-link`));
    expect(lock(folder).state).toBe('held');
    expect(lock(`${folder}-link`).state).toBe('taken');
  });

  it.each(ODD_FILES)('is no reason not to start where the lock file is $name', async ({ put }) => {
    const folder = createFolder();
    const path = join(folder, 'traywatch.lock');
    await put(path);
    // SQLite creates what a link names.
    const { state } = lock(folder);
    expect(state === 'unavailable' || (state === 'held' && existsSync(path))).toBe(true);
  });

  it('is no reason not to start where the lock file is something else', () => {
    const folder = createFolder();
    writeFileSync(join(folder, 'traywatch.lock'), 'a file of another program, long enough to be taken for a database '.repeat(20));
    expect(lock(folder).state).toBe('unavailable');
    writeFileSync(join(folder, 'file'), '');
    expect(lock(join(folder, 'file')).state).toBe('unavailable');
  });
});

describe('a process that has locked a folder', () => {
  // In node_modules, so that the bundled process finds better-sqlite3.
  const cache = resolve('node_modules/.cache');
  let bundle = '';

  beforeAll(async () => {
    mkdirSync(cache, { recursive: true });
    bundle = mkdtempSync(join(cache, 'folder-locker-'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: resolve('tests/support/folder-locker.ts'), outDir: bundle, rollupOptions: { external: ['better-sqlite3'], output: { entryFileNames: 'locker.mjs' } } },
    });
  });
  afterAll(() => rmSync(bundle, { recursive: true, force: true }));

  /** Starts a locker; resolves to it and what it says. */
  async function start(folder: string, script = join(bundle, 'locker.mjs'), uid?: number): Promise<{ child: ChildProcess; state: string }> {
    const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'], ...(uid === undefined ? {} : { uid, gid: uid }) });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, state: said.toString().trim() };
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals | null): Promise<void> {
    const ended = once(child, 'exit');
    if (signal === null) child.stdin?.end();
    else child.kill(signal);
    await ended;
  }

  it.each([['ends', null], ['is killed', 'SIGKILL']] as const)('shuts out the next one until it %s, and never after', async (_, signal) => {
    const folder = createFolder();
    for (let round = 0; round < 3; round += 1) {
      const { child, state } = await start(folder);
      expect(state).toBe('held');
      expect([lock(folder).state, (await start(folder)).state]).toEqual(['taken', 'taken']);
      await end(child, signal);
    }
    expect(lock(folder).state).toBe('held');
    expect(readdirSync(folder)).toEqual(['traywatch.lock']);
  });

  const isRoot = process.getuid?.() === 0;
  if (!isRoot) process.stdout.write('skipped: only root can start a process of another user\n');

  it.runIf(isRoot)('shuts out another user, and is shut out by one', async () => {
    const folder = createFolder();
    chmodSync(folder, 0o777);
    const script = join(createFolder(), 'locker.mjs');
    chmodSync(resolve(script, '..'), 0o755);
    cpSync(join(bundle, 'locker.mjs'), script);
    // What the other user cannot reach it gets a copy of.
    cpSync(resolve('node_modules/better-sqlite3'), resolve(script, '../node_modules/better-sqlite3'), { recursive: true, filter: (path) => !/\/(deps|src)$/.test(path) });
    const nobody = 65_534;
    const mine = lock(folder);
    expect([mine.state, (await start(folder, script, nobody)).state]).toEqual(['held', 'taken']);
    if (mine.state === 'held') mine.release();
    const theirs = await start(folder, script, nobody);
    expect([theirs.state, lock(folder).state]).toEqual(['held', 'taken']);
    await end(theirs.child, 'SIGKILL');
    expect(lock(folder).state).toBe('held');
  });
});
