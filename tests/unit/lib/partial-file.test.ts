/** Files that are written beside their place, or elsewhere where the system allows nothing beside the chosen one (macOS). */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { choosePartialFile, writeViaPartialFile } from '../../../src/main/lib/partial-file';
import type { PartialSteps } from '../../../src/main/lib/partial-file';

function places() {
  const root = mkdtempSync(join(tmpdir(), 'partial-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [chosen, spare] = ['Documents', 'data'].map((name) => join(root, name)) as [string, string];
  for (const folder of [chosen, spare]) mkdirSync(folder);
  return { path: join(chosen, 'traywatch-history-20261130-160000.csv'), chosen, spare };
}

const refused = (code: string) => (): Promise<never> => Promise.reject(Object.assign(new Error(`${code}: no`), { code }));
const steps = (change: Partial<PartialSteps> = {}): PartialSteps => ({ create: (path) => writeFile(path, ''), rename, ...change });

describe('a file that is written beside its place', () => {
  it('is renamed, and nothing of it is left', async () => {
    const { path, chosen, spare } = places();
    const file = await choosePartialFile(path, spare, steps());
    expect(file.path).toBe(`${path}.part`);
    await writeFile(file.path, 'content');
    await file.finish();
    expect([readdirSync(chosen), readFileSync(path, 'utf8'), readdirSync(spare)]).toEqual([['traywatch-history-20261130-160000.csv'], 'content', []]);
  });

  it('is not asked for elsewhere than on macOS', async () => {
    const { path } = places();
    const file = await choosePartialFile(path, undefined, steps({ create: refused('EPERM') }));
    expect(file.path).toBe(`${path}.part`);
  });
});

describe('a file beside which nothing may be written', () => {
  it('is written to the data folder, and copied onto the chosen one', async () => {
    const { path, chosen, spare } = places();
    // The dialog of macOS has allowed the file itself.
    writeFileSync(path, 'what was there before, and longer');
    const file = await choosePartialFile(path, spare, steps({ create: refused('EPERM'), rename: refused('EPERM') }));
    await writeFile(file.path, 'content');
    expect([readdirSync(spare), readFileSync(path, 'utf8')]).toEqual([['traywatch-history-20261130-160000.csv.part'], 'what was there before, and longer']);
    await file.finish();
    expect([readFileSync(path, 'utf8'), readdirSync(chosen), readdirSync(spare)]).toEqual(['content', ['traywatch-history-20261130-160000.csv'], []]);
  });

  it('is copied from there where it may be created and not renamed', async () => {
    const { path, chosen, spare } = places();
    const file = await choosePartialFile(path, spare, steps({ rename: refused('EPERM') }));
    await writeFile(file.path, 'content');
    await file.finish();
    expect([readdirSync(chosen), readFileSync(path, 'utf8')]).toEqual([['traywatch-history-20261130-160000.csv'], 'content']);
  });

  it.each(['EACCES', 'ENOSPC', 'EROFS'])('%s is an error as before', async (code) => {
    const { path, spare } = places();
    await expect(choosePartialFile(path, spare, steps({ create: refused(code) }))).rejects.toMatchObject({ code });
    const file = await choosePartialFile(path, spare, steps({ rename: refused(code) }));
    await expect(file.finish()).rejects.toMatchObject({ code });
  });
});

it('a file whose content fails leaves nothing in either folder', async () => {
  const { path, chosen, spare } = places();
  await expect(writeViaPartialFile(path, () => Promise.reject(new Error('cancelled')), spare)).rejects.toThrow('cancelled');
  expect([readdirSync(chosen), readdirSync(spare)]).toEqual([[], []]);
});
