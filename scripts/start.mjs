/** `npm start`: builds, finds a runtime, checks the system, and runs Traywatch from the checkout. */
import { ensureBuilt } from './lib/build.mjs';
import { neededSwitches, withDesktop } from './lib/desktop.mjs';
import { runApplication } from './lib/exec.mjs';
import { root } from './lib/paths.mjs';
import { runMain } from './lib/say.mjs';
import { ensureElectronLibraries } from './lib/system-libs.mjs';
import { findRuntime } from './runtime.mjs';

await runMain(async () => {
  await ensureBuilt();
  const runtime = await findRuntime();
  await ensureElectronLibraries(runtime.executable);
  const given = process.argv.slice(2);
  const args = [...neededSwitches(runtime.executable, given), root, ...given];
  // The flag is for the runtime, too, which then needs no display.
  if (args.includes('--headless')) return runApplication(runtime.executable, args, process.env);
  return withDesktop((env) => runApplication(runtime.executable, args, env));
});
