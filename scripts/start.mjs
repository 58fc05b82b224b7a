/** `npm start`: builds, finds a runtime, checks the system, and runs Traywatch from the checkout; with --headless under plain Node. */
import { ensureBuilt } from './lib/build.mjs';
import { neededSwitches, withDesktop } from './lib/desktop.mjs';
import { runApplication } from './lib/exec.mjs';
import { runHeadless } from './lib/headless.mjs';
import { root } from './lib/paths.mjs';
import { runMain } from './lib/say.mjs';
import { ensureElectronLibraries } from './lib/system-libs.mjs';
import { findRuntime } from './runtime.mjs';

await runMain(async () => {
  await ensureBuilt();
  const given = process.argv.slice(2);
  if (given.includes('--headless')) return runHeadless(given, process.env);
  const runtime = await findRuntime();
  await ensureElectronLibraries(runtime.executable);
  const args = [...neededSwitches(runtime.executable, given), root, ...given];
  return withDesktop((env) => runApplication(runtime.executable, args, env));
});
