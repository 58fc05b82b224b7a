import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderBytes, makeWorkFolder, publishFolder } from '../../../scripts/lib/cache-folder.mjs';

let parent = '';

beforeEach(() => {
  parent = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-cache-'));
});

afterEach(() => {
  fs.rmSync(parent, { recursive: true, force: true });
});

function fill(folder: string, content: string): string {
  fs.writeFileSync(path.join(folder, 'file'), content);
  return folder;
}

describe('work folders', () => {
  it('keep what a living process works on, and drop what a dead one left', () => {
    const mine = makeWorkFolder(parent);
    const deadPid = spawnSync(process.execPath, ['--version']).pid;
    const abandoned = path.join(parent, `.work-${deadPid}-abc`);
    fs.mkdirSync(abandoned);
    const next = makeWorkFolder(parent);
    expect(fs.existsSync(abandoned)).toBe(false);
    expect(fs.existsSync(mine)).toBe(true);
    expect(next).not.toBe(mine);
  });
});

describe('publishing', () => {
  it('makes a finished folder visible under its name', () => {
    const target = path.join(parent, 'final');
    publishFolder(fill(makeWorkFolder(parent), 'done'), target);
    expect(fs.readFileSync(path.join(target, 'file'), 'utf8')).toBe('done');
  });

  it('leaves what a quicker run published', () => {
    const target = path.join(parent, 'final');
    publishFolder(fill(makeWorkFolder(parent), 'first'), target);
    publishFolder(fill(makeWorkFolder(parent), 'second'), target);
    expect(fs.readFileSync(path.join(target, 'file'), 'utf8')).toBe('first');
  });

  it('does not hide other failures', () => {
    expect(() => publishFolder(path.join(parent, 'missing'), path.join(parent, 'final'))).toThrow('ENOENT');
  });
});

describe('folder size', () => {
  it('sums files at every depth, and is 0 for a folder that is not there', () => {
    const deep = path.join(parent, 'a', 'b');
    fs.mkdirSync(deep, { recursive: true });
    fill(deep, '12345');
    fill(parent, '123');
    expect(folderBytes(parent)).toBe(8);
    expect(folderBytes(path.join(parent, 'missing'))).toBe(0);
  });
});
