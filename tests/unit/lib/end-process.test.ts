import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { endFailed, endProcess, poolRequests } from '../../../src/main/lib/end-process';
import type { EndingProcess } from '../../../src/main/lib/end-process';
import { createManualTimers } from '../../support/timers';

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

/** A process that cannot be replaced, and what was done to it. */
function oldProcess(): { calls: unknown[]; old: EndingProcess } {
  const calls: unknown[] = [];
  const old: EndingProcess = {
    pid: 7,
    kill: (...sent) => {
      calls.push(sent);
      return true;
    },
    removeAllListeners: ((name: string) => calls.push(['removed', name])) as unknown as EndingProcess['removeAllListeners'],
  };
  return { calls, old };
}

test('where a process cannot be replaced it ends by SIGTERM, whoever listened to that', () => {
  const { calls, old } = oldProcess();
  endProcess(old);
  expect(calls).toEqual([['removed', 'SIGTERM'], [7, 'SIGTERM']]);
});

/** A process that ends as failed, with calls in flight until the test says otherwise. */
function failing(requests: readonly string[]) {
  const { calls, old } = oldProcess();
  const timers = createManualTimers();
  let pending = requests;
  endFailed({ process: { ...old, getActiveResourcesInfo: () => [...pending] }, exit: (code) => calls.push(code), after: (ms, callback) => timers.after(ms, callback) });
  return { calls, timers, free: () => (pending = []) };
}

test('a failed process ends with code 1, at once where nothing is in flight', () => {
  expect(failing(['Timeout', 'TCPServerWrap']).calls).toEqual([1]);
});

test('a failed process lets calls in flight end first', () => {
  const { calls, timers, free } = failing(['FSReqPromise']);
  timers.advance(1000);
  expect(calls).toEqual([]);
  free();
  timers.advance(100);
  expect(calls).toEqual([1]);
});

test('a failed process does not wait for a call that never ends, and still counts as failed', () => {
  const { calls, timers } = failing(['FSReqPromise']);
  timers.advance(2100);
  expect(calls).toEqual([['removed', 'SIGKILL'], [7, 'SIGKILL']]);
});
