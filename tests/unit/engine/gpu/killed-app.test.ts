/** After kill -9 of the app no nvidia-smi is left: the next line it prints meets a broken pipe. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

const cache = resolve('node_modules/.cache');
let folder = '';

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'nvidia-starter-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: resolve('tests/support/nvidia-starter.ts'), outDir: folder, rollupOptions: { output: { entryFileNames: 'starter.mjs' } } },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('a followed program ends with its next line once the app was killed', async () => {
  const program = join(folder, 'nvidia-smi');
  // Like nvidia-smi it prints again and again, and catches no signal.
  writeFileSync(program, '#!/bin/sh\nwhile :; do echo a line; sleep 0.3; done\n');
  chmodSync(program, 0o755);
  const app = spawn(process.execPath, [join(folder, 'starter.mjs'), program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void app.kill('SIGKILL'));
  const [said] = (await once(app.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(pid).toBeGreaterThan(0);
  await wait(700);
  expect(isRunning(pid)).toBe(true);
  const ended = once(app, 'exit');
  app.kill('SIGKILL');
  await ended;
  for (let tries = 0; tries < 500 && isRunning(pid); tries += 1) await wait(20);
  expect(isRunning(pid)).toBe(false);
});
