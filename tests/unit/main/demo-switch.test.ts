import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claimFolder, readSwitch, toDemoName } from '../../../src/main/demo-switch';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'switch-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function tree(files: Readonly<Record<string, string>>): string {
  const root = folder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

describe('TRAYWATCH_ROOT', () => {
  it('watches the machine in a folder, by a name that cannot be taken for a real one', () => {
    const root = tree({ 'proc/stat': 'cpu 1', 'proc/sys/kernel/hostname': 'demo-laptop\n' });
    expect(readSwitch({ TRAYWATCH_ROOT: root }, false)).toEqual({ demo: { root, hostname: 'demo-laptop' } });
    expect(['Büro PC\n', 'demo-x', '', '../..', 'demo'].map(toDemoName)).toEqual(['demo-b-ro-pc', 'demo-x', 'demo-machine', 'demo-machine', 'demo-demo']);
  });

  it('is this machine without it', () => {
    expect([{}, { TRAYWATCH_ROOT: '' }].map((env) => readSwitch(env, false))).toEqual([{ demo: null }, { demo: null }]);
    expect(readSwitch({}, true)).toEqual({ demo: null });
  });

  it('is refused by an installed Traywatch, whatever it holds', () => {
    const root = tree({ 'proc/stat': 'cpu 1' });
    for (const value of [root, '/', 'x']) expect(readSwitch({ TRAYWATCH_ROOT: value }, true)).toEqual({ refused: expect.stringContaining('refused by an installed Traywatch') });
  });

  it('is refused for what is no made-up machine, and says why', () => {
    expect(readSwitch({ TRAYWATCH_ROOT: 'some/tree' }, false)).toEqual({ refused: expect.stringContaining('must be the absolute path') });
    expect(readSwitch({ TRAYWATCH_ROOT: folder() }, false)).toEqual({ refused: expect.stringContaining('there is no proc/stat') });
    expect(readSwitch({ TRAYWATCH_ROOT: tree({ 'proc/stat': 'cpu 1', 'proc/self/stat': '1 (x)' }) }, false)).toEqual({ refused: expect.stringContaining('is a running system') });
  });
});

describe('user-data folders', () => {
  it('a new one is marked for a demo, and continued by demos alone', () => {
    const data = join(folder(), 'new');
    expect(claimFolder(data, true)).toBeNull();
    expect(readFileSync(join(data, 'made-up-data.txt'), 'utf8')).toContain('all of it is made up');
    writeFileSync(join(data, 'history.sqlite'), '');
    expect(claimFolder(data, true)).toBeNull();
    expect(claimFolder(data, false)).toContain('holds the made-up data of a demo machine');
  });

  it.each(['history.sqlite', 'settings.json', 'access.json'])('one with a real %s is never used for a demo, and not changed', (file) => {
    const data = tree({ [file]: 'real' });
    expect(claimFolder(data, true)).toContain('holds real data');
    expect(existsSync(join(data, 'made-up-data.txt'))).toBe(false);
    expect(claimFolder(data, false)).toBeNull();
  });

  it('nothing is made where a real start would make it itself', () => {
    const data = join(folder(), 'none');
    expect(claimFolder(data, false)).toBeNull();
    expect(existsSync(data)).toBe(false);
  });
});
