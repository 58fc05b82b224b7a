/** Files that another process holds, on Windows: what replaces them waits, and gives up in words, and loses nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createFileLog } from '../../src/main/engine/log';
import { HeldFileError, renameTogether } from '../../src/main/engine/rename-file';
import { writeFileAtomically } from '../../src/main/lib/atomic-file';
import { fileErrorText } from '../../src/main/lib/file-error-text';
import { ownFile } from '../../src/main/lib/owned-file';
import { writeViaPartialFile } from '../../src/main/lib/partial-file';
import { openStateFile } from '../../src/main/lib/state-file';
import { createCallbackLog } from '../support/log';
import { cpuBatch, createStoreFixture, pointsOf, pointsText } from '../support/store';

// In node_modules, so that the bundled holder finds better-sqlite3.
const cache = resolve('node_modules/.cache');
let bundle = '';

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  bundle = mkdtempSync(join(cache, 'file-holder-'));
  await build({ configFile: false, logLevel: 'error', build: { ssr: resolve('tests/support/file-holder.ts'), outDir: bundle, rollupOptions: { external: ['better-sqlite3'], output: { entryFileNames: 'holder.mjs' } } } });
});

afterAll(() => rmSync(bundle, { recursive: true, force: true }));

/** A file in a folder of its own. */
function createFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-held-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Has another process hold the file for ms, or until it is told to let go. Resolves once it is held. */
async function hold(path: string, ms = 60_000): Promise<{ release(): Promise<void> }> {
  const child = spawn(process.execPath, [join(bundle, 'holder.mjs'), path, String(ms)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const release = async (): Promise<void> => {
    child.stdin.destroy();
    await ended;
  };
  onTestFinished(release);
  await once(child.stdout, 'data');
  return { release };
}

const namesBeside = (path: string): string[] => readdirSync(join(path, '..')).sort();

describe('a file that another process holds', () => {
  it('cannot be renamed or replaced meanwhile, and can be afterwards: the tests below are worth something', async () => {
    const path = createFile('held.txt', 'old');
    const { release } = await hold(path);
    expect(() => renameSync(path, `${path}.moved`)).toThrow(/EPERM|EBUSY|EACCES/);
    writeFileSync(`${path}.new`, 'new');
    expect(() => renameSync(`${path}.new`, path)).toThrow(/EPERM|EBUSY|EACCES/);
    await release();
    renameSync(`${path}.new`, path);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('is written atomically once it is let go, which a short hold does not hinder', async () => {
    const path = createFile('Einstellungen Ü.json', 'old');
    await hold(path, 150);
    writeFileAtomically(path, 'new');
    expect([readFileSync(path, 'utf8'), namesBeside(path)]).toEqual(['new', ['Einstellungen Ü.json']]);
  });

  it('stays as it is where it is held on, and no draft is left', async () => {
    const path = createFile('settings.json', 'old');
    await hold(path);
    expect(() => writeFileAtomically(path, 'new')).toThrow(HeldFileError);
    expect([readFileSync(path, 'utf8'), namesBeside(path)]).toEqual(['old', ['settings.json']]);
  });

  it('is exported to once the spreadsheet has closed it; until then the words say so', async () => {
    const path = createFile('verlauf.csv', 'old');
    const { release } = await hold(path);
    const write = (): Promise<void> => writeViaPartialFile(path, async (file) => void (await file.write('new')));
    const error: unknown = await write().catch((thrown: unknown) => thrown);
    expect(fileErrorText(error)).toBe('Another program has this file open. Close it there and try again, or choose another name.');
    expect([readFileSync(path, 'utf8'), namesBeside(path)]).toEqual(['old', ['verlauf.csv']]);
    await release();
    await write();
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('is a state file that keeps its state in memory, and writes it when it can again', async () => {
    const path = createFile('state.json', '{"n":1}');
    const lines: string[] = [];
    const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`));
    const file = openStateFile({ path, schema: { parse: (value) => value as { n: number } }, initial: { n: 0 }, clock: { now: () => 0 }, log });
    const { release } = await hold(path);
    expect([file.put({ n: 2 }), file.put({ n: 3 }), file.get(), readFileSync(path, 'utf8')]).toEqual([false, false, { n: 3 }, '{"n":1}']);
    await release();
    expect([file.put({ n: 4 }), readFileSync(path, 'utf8')]).toEqual([true, '{"n":4}\n']);
    expect(lines).toEqual([expect.stringMatching(/^warn .*state\.json is failing: .*held by another program/), expect.stringMatching(/^info .*state\.json works again/)]);
  });

  it('is not quarantined while it is held', async () => {
    const path = createFile('broken.json', '{');
    const file = ownFile(path);
    file.read();
    const { release } = await hold(path);
    expect(() => file.quarantine(0)).toThrow(HeldFileError);
    await release();
    expect(readFileSync(file.quarantine(0), 'utf8')).toBe('{');
    expect(existsSync(path)).toBe(false);
  });

  it('keeps the files that belong to it where they are', async () => {
    const path = createFile('history.sqlite', 'database');
    writeFileSync(`${path}-wal`, 'log');
    await hold(`${path}-wal`);
    expect(() => renameTogether(['', '-wal'].map((suffix) => [path + suffix, `${path}.moved${suffix}`]))).toThrow(HeldFileError);
    expect(namesBeside(path)).toEqual(['history.sqlite', 'history.sqlite-wal']);
  });

  it('is a log that goes on in the same file, and rotates later', async () => {
    const path = createFile('traywatch.log', '');
    const log = createFileLog({ path, clock: { now: () => 0 }, maxBytes: 2000 });
    onTestFinished(() => log.close());
    const messagesIn = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => (JSON.parse(line) as { message: string }).message);
    log.info('line 0');
    const { release } = await hold(path);
    for (let n = 1; n < 40; n += 1) log.info(`line ${n}`);
    expect([existsSync(`${path}.1`), messagesIn(path).length, log.lost()]).toEqual([false, 40, 0]);
    await release();
    for (let n = 40; n < 80; n += 1) log.info(`line ${n}`);
    expect(['.2', '.1', ''].flatMap((suffix) => messagesIn(path + suffix))).toEqual(Array.from({ length: 80 }, (_, n) => `line ${n}`));
    expect(log.lost()).toBe(0);
  });
});

describe('the history, while it is open', () => {
  it.each<[string, (path: string) => void]>([
    ['removed', (path) => rmSync(path)],
    ['renamed', (path) => renameSync(path, `${path}.moved`)],
    ['replaced', (path) => {
      writeFileSync(`${path}.x`, 'mine');
      renameSync(`${path}.x`, path);
    }],
  ])('cannot be %s by another program, and goes on', (_, deed) => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    store.append(cpuBatch(0, 1));
    expect(store.commit()).toBe(true);
    expect(() => deed(fixture.path)).toThrow(/EPERM|EBUSY|EACCES/);
    store.append(cpuBatch(1, 2));
    expect([store.commit(), store.health(), pointsText(pointsOf(store, 'cpu.usage', 0, 2))]).toEqual([true, { state: 'ok' }, '0:1 1:2']);
  });
});
