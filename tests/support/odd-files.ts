/** Things that may be found where a file is expected, for tests. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A temporary folder that is removed with the test. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The mode of a file that its owner alone may read, as Node tells it: Windows has rights of other kinds, and no modes. */
export const PRIVATE_MODE = process.platform === 'win32' ? 0o666 : 0o600;

/** What is put at a path, and how an error names it. */
export interface OddFile {
  readonly name: string;
  readonly put: (path: string) => void | Promise<void>;
  readonly named: RegExp;
}

async function listenAt(path: string): Promise<void> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}

/** Everything that is neither a file nor nothing. A read of most of them would wait for good, or never end. */
export const ODD_FILES: readonly OddFile[] = [
  { name: 'a folder', put: (path) => mkdirSync(path), named: /is a folder, not a file/ },
  { name: 'a named pipe', put: (path) => void execFileSync('mkfifo', [path]), named: /is a named pipe, not a file/ },
  { name: 'a socket', put: listenAt, named: /is a socket, not a file/ },
  { name: 'a link to a device that never ends', put: (path) => symlinkSync('/dev/zero', path), named: /is a device, not a file/ },
  { name: 'a link to a terminal', put: (path) => symlinkSync('/dev/tty', path), named: /is a device, not a file|no such/i },
  {
    name: 'a link to a named pipe',
    put: (path) => {
      execFileSync('mkfifo', [`${path}.pipe`]);
      symlinkSync(`${path}.pipe`, path);
    },
    named: /is a named pipe, not a file/,
  },
  { name: 'a link to nothing', put: (path) => symlinkSync(`${path}.gone`, path), named: /is a link to .*\.gone, which does not exist/ },
  { name: 'a link to itself', put: (path) => symlinkSync(path, path), named: /is a link that leads back to itself/ },
];

/** Writes a file elsewhere and a relative link to it, through a second link. */
export function putLinked(path: string, text: string): string {
  const folder = `${path}.d`;
  mkdirSync(folder);
  const target = join(folder, 'kept-elsewhere');
  writeFileSync(target, text);
  symlinkSync('kept-elsewhere', join(folder, 'second'));
  symlinkSync(join(folder, 'second'), path);
  return target;
}
