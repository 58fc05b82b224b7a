/** `npm run dev`: the hot-reloading developer mode, on the same runtime as `npm start`. */
import path from 'node:path';
import { ensureInstalled } from './lib/build.mjs';
import { neededSwitches, withDesktop } from './lib/desktop.mjs';
import { nodePath, runApplication } from './lib/exec.mjs';
import { root } from './lib/paths.mjs';
import { runMain } from './lib/say.mjs';
import { ensureElectronLibraries } from './lib/system-libs.mjs';
import { findRuntime } from './runtime.mjs';

await runMain(async () => {
  ensureInstalled();
  const runtime = await findRuntime();
  await ensureElectronLibraries(runtime.executable);
  const cli = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const given = process.argv.slice(2);
  const args = [cli, 'dev', '--watch', '--', ...neededSwitches(runtime.executable, given), ...given];
  return withDesktop((env) => runApplication(nodePath(), args, { ...env, ELECTRON_EXEC_PATH: runtime.executable }));
});
