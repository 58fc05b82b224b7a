/**
 * `npm run bench`: what Traywatch costs, beside a bare tray application on the same runtime and in the same run, and what
 * its history costs, beside other ways to store the same.
 * `npm run bench -- --help` lists the options. It never fails on a figure.
 */
import path from 'node:path';
import { bundleBench } from './lib/bench/bundle.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { capture, nodePath, run } from './lib/exec.mjs';
import { root } from './lib/paths.mjs';
import { runMain, UserError } from './lib/say.mjs';
import { ensureSandbox } from './lib/sandbox.mjs';
import { ensureElectronLibraries, ensureTestDesktop } from './lib/system-libs.mjs';
import { findRuntime } from './runtime.mjs';

/** @param {string[]} args */
async function runBench(args) {
  const bundle = await bundleBench();
  const driver = path.join(bundle.folder, 'index.mjs');
  // A slip of the pen is told before anything is built or installed.
  const checked = await capture(nodePath(), [driver, '--check', ...args]);
  if (checked.code !== 0) process.stderr.write(checked.stderr);
  else if (args.includes('--help')) process.stdout.write(checked.stdout);
  if (checked.code !== 0 || args.includes('--help')) return checked.code ?? 1;
  if (process.platform !== 'linux') throw new UserError('The benchmark needs a Linux machine: it reads /proc and starts its own desktop.');
  const needed = checked.stdout.trim();
  if (needed !== 'node') await ensureBuilt();
  const electron = needed === 'desktop' ? await prepareElectron() : {};
  const env = { ...process.env, ...electron, TRAYWATCH_BENCH_ROOT: root, TRAYWATCH_BENCH_BUNDLE: bundle.folder };
  return run(nodePath(), [driver, ...args], { env });
}

/**
 * Finds a runtime and a desktop for it.
 * @returns {Promise<Record<string, string>>} what the driver is told of them
 */
async function prepareElectron() {
  await ensureTestDesktop();
  const runtime = await findRuntime();
  await ensureElectronLibraries(runtime.executable);
  ensureSandbox(runtime.executable);
  return { TRAYWATCH_ELECTRON: runtime.executable, TRAYWATCH_BENCH_RUNTIME: `Electron ${runtime.version} (${runtime.origin})` };
}

await runMain(() => runBench(process.argv.slice(2)));
