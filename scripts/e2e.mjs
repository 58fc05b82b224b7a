/**
 * `npm run test:e2e`: the end-to-end tests in a real desktop. Arguments go to Playwright, for example
 * `npm run test:e2e -- -g tray`.
 */
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { nodePath, run } from './lib/exec.mjs';
import { root } from './lib/paths.mjs';
import { runMain } from './lib/say.mjs';
import { ensureSandbox } from './lib/sandbox.mjs';
import { ensureElectronLibraries, ensureTestDesktop } from './lib/system-libs.mjs';
import { findRuntime } from './runtime.mjs';

await runMain(async () => {
  await ensureBuilt();
  await ensureTestDesktop();
  const runtime = await findRuntime();
  await ensureElectronLibraries(runtime.executable);
  ensureSandbox(runtime.executable);
  const cli = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const env = { ...process.env, TRAYWATCH_ELECTRON: runtime.executable };
  return run(nodePath(), [cli, 'test', ...process.argv.slice(2)], { env });
});
