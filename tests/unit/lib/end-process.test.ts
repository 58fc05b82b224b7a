import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { endProcess, poolRequests } from '../../../src/main/lib/end-process';
import type { EndingProcess } from '../../../src/main/lib/end-process';

const module = path.resolve(import.meta.dirname, '../../../src/main/lib/end-process.ts');

test('only requests of the thread pool are waited for', () => {
  expect(poolRequests(['FSReqPromise', 'TCPServerWrap', 'Timeout', 'FSReqCallback', 'GetAddrInfoReqWrap', 'TCPConnectWrap', 'WriteWrap', 'GetNameInfoReqWrap'])).toEqual(['FSReqPromise', 'FSReqCallback', 'GetAddrInfoReqWrap', 'GetNameInfoReqWrap']);
});

test('a process whose thread pool reads a pipe that nobody writes is seen to wait, and ends with code 0', async ({ skip }) => {
  skip(process.platform === 'win32', 'Windows has no named pipes among its files');
  skip(process.execve === undefined, 'this Node cannot replace its process');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-end-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  const script = `
    const { endProcess, poolRequests } = await import(${JSON.stringify(module)});
    import('node:fs/promises').then(({ open }) => open(${JSON.stringify(path.join(folder, 'pipe'))}));
    setTimeout(() => {
      console.log(poolRequests(process.getActiveResourcesInfo()).join());
      endProcess(process);
    }, 100);
    process.on('SIGTERM', () => undefined);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(text.trim()).toMatch(/^FSReq\w+$/);
});

test('where a process cannot be replaced it ends by SIGTERM, whoever listened to that', () => {
  const calls: unknown[] = [];
  const old: EndingProcess = {
    pid: 7,
    kill: (...sent) => {
      calls.push(sent);
      return true;
    },
    removeAllListeners: ((name: string) => calls.push(['removed', name])) as unknown as EndingProcess['removeAllListeners'],
  };
  endProcess(old);
  expect(calls).toEqual([['removed', 'SIGTERM'], [7, 'SIGTERM']]);
});
