import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { linuxDataFolders } from '../../../src/main/core/data-folders.linux';

describe('a data folder on this machine', () => {
  const folders = linuxDataFolders({ statfs: (path) => statfs(path) }, () => Promise.reject(new Error('nothing is walked through here')));

  it('has a space of its own while a file system is mounted there, and only then', async (context) => {
    const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'traywatch-data-folder-'))), 'my data');
    mkdirSync(folder);
    onTestFinished(() => rmSync(join(folder, '..'), { recursive: true, force: true }));
    expect(await folders.ownSpace(folder)).toBeNull();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', folder], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`nothing can be mounted here: ${String(error)}`);
      return;
    }
    onTestFinished(() => void execFileSync('umount', [folder]));
    writeFileSync(join(folder, 'file'), Buffer.alloc(1024 ** 2, 1));
    expect(await folders.ownSpace(folder)).toEqual({ total: 8 * 1024 ** 2, used: 1024 ** 2, available: 7 * 1024 ** 2, files: 2 });
    expect(await folders.ownSpace(join(folder, 'file'))).toBeNull();
  });
});
