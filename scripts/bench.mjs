/**
 * `npm run bench`: what Traywatch costs, beside a bare tray application on the same runtime and in the same run.
 * `npm run bench -- --help` lists the options. It never fails on a figure.
 */
import path from 'node:path';
import { bundleBench } from './lib/bench/bundle.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { nodePath, run } from './lib/exec.mjs';
import { root } from './lib/paths.mjs';
import { runMain, UserError } from './lib/say.mjs';
import { ensureElectronLibraries, ensureTestDesktop } from './lib/system-libs.mjs';
import { findRuntime } from './runtime.mjs';

/** @param {string[]} args */
async function runBench(args) {
  const bundle = await bundleBench();
  const driver = path.join(bundle.folder, 'index.mjs');
  // A slip of the pen is told before anything is built or installed.
  const checked = await run(nodePath(), [driver, '--check', ...args]);
  if (checked !== 0 || args.includes('--help')) return checked;
  if (process.platform !== 'linux') throw new UserError('The benchmark needs a Linux machine: it reads /proc and starts its own desktop.');
  await ensureTestDesktop();
  await ensureBuilt();
  const runtime = await findRuntime();
  await ensureElectronLibraries(runtime.executable);
  const env = {
    ...process.env,
    TRAYWATCH_ELECTRON: runtime.executable,
    TRAYWATCH_BENCH_RUNTIME: `Electron ${runtime.version} (${runtime.origin})`,
    TRAYWATCH_BENCH_ROOT: root,
    TRAYWATCH_BENCH_BUNDLE: bundle.folder,
  };
  return run(nodePath(), [driver, ...args], { env });
}

await runMain(() => runBench(process.argv.slice(2)));
