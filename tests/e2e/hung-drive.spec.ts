/** A drive that does not respond must not keep the app from ending. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from '@playwright/test';
import { until } from '../support/desktop';
import { startHeadless, writeSettings } from '../support/e2e/headless';
import { hungMount, hungMountProblem } from '../support/e2e/hung-mount';

/** Whether a thread of the process waits for the drive, by the kernel's function that it sleeps in. */
function isHanging(text: string): boolean {
  const tasks = `/proc/${/kill -HUP (\d+)/.exec(text)?.[1] ?? ''}/task`;
  return fs.readdirSync(tasks).some((task) => fs.readFileSync(path.join(tasks, task, 'wchan'), 'utf8').includes('fuse'));
}

test('without a desktop it ends within seconds while a network drive hangs, and what it measured is on disk', async () => {
  const problem = hungMountProblem();
  test.skip(problem !== null, problem ?? '');
  const drive = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-drive-'));
  const mount = hungMount(drive);
  const settings = JSON.stringify({ version: 2, networkMounts: true, lan: { addresses: ['127.0.0.1'], port: 18_553 } });
  const run = startHeadless(18_553, [], (data) => writeSettings(data, settings), { wrapper: mount });
  const log = (): string => fs.readFileSync(path.join(run.data, 'traywatch.log'), 'utf8');
  try {
    await until('the drive to hang', () => Promise.resolve(/Open https/.test(run.text()) && isHanging(run.text()) ? true : undefined));
    // 0 where the runtime can replace its process, else SIGTERM's own.
    expect([0, 143]).toContain(await run.stop());
    expect(run.text()).toMatch(/Stopped\.\n$/);
    expect(log()).toContain('ended without waiting for what does not end');
    const history = new Database(path.join(run.data, 'history.sqlite'), { readonly: true });
    const last = history.prepare('SELECT type FROM events ORDER BY id DESC LIMIT 1').get();
    history.close();
    expect(last).toEqual({ type: 'monitoring_stopped' });
  } finally {
    mount.release();
    await run.discard();
    fs.rmSync(drive, { recursive: true });
  }
});
