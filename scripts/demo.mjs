/**
 * `npm run demo -- MACHINE`: Traywatch on a made-up machine that lives, with a made-up history; `-- --help` lists machines and
 * options. Everything is in a temporary folder, which is removed at the end.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt } from './lib/build.mjs';
import { bundleDemo } from './lib/demo/bundle.mjs';
import { neededSwitches, withDesktop } from './lib/desktop.mjs';
import { runHeadless } from './lib/headless.mjs';
import { capture, nodePath, run, runApplication } from './lib/exec.mjs';
import { root } from './lib/paths.mjs';
import { runMain, say, UserError } from './lib/say.mjs';
import { ensureElectronLibraries } from './lib/system-libs.mjs';
import { findRuntime } from './runtime.mjs';

/** @typedef {{ action: 'run' | 'table', machines: string[], isKept: boolean, passed: string[] }} Options */

/** @param {string[]} args */
async function runDemo(args) {
  const { program, folder: bundle } = await bundleDemo();
  try {
    // A slip of the pen is told before anything is built or started.
    const checked = await capture(nodePath(), [program, 'check', ...args]);
    process.stderr.write(checked.stderr);
    if (checked.code !== 0) return checked.code ?? 1;
    if (!checked.stdout.startsWith('{')) {
      process.stdout.write(checked.stdout);
      return 0;
    }
    /** @type {Options} */
    const options = JSON.parse(checked.stdout);
    return options.action === 'table' ? await run(nodePath(), [program, 'table', ...args]) : await runMachine(program, args, options);
  } finally {
    fs.rmSync(bundle, { recursive: true, force: true });
  }
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {Options} options
 */
async function runMachine(program, args, options) {
  await ensureBuilt();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `traywatch-demo-${options.machines[0] ?? ''}-`));
  try {
    const prepared = await run(nodePath(), [program, 'prepare', folder, ...args]);
    if (prepared !== 0) return prepared;
    const generator = await startGenerator(program, folder, args);
    try {
      return await startApp(folder, options);
    } finally {
      await generator.end();
    }
  } finally {
    if (options.isKept) say(`Kept: ${folder}\nTo see it again, standing still: TRAYWATCH_ROOT=${path.join(folder, 'tree')} npm start -- --user-data-dir=${path.join(folder, 'data')}`);
    else fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Starts the process that rewrites the files of the machine each second. It ends when its input does, so also with us.
 * @param {string} program
 * @param {string} folder
 * @param {string[]} args
 */
async function startGenerator(program, folder, args) {
  const child = spawn(nodePath(), [program, 'live', folder, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const ready = new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  if ((await Promise.race([ready, ended])) !== 'ready') throw new UserError('The machine could not be made up; its generator ended.');
  return {
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

/**
 * @param {string} folder
 * @param {Options} options
 */
async function startApp(folder, { passed }) {
  const args = [...passed, `--user-data-dir=${path.join(folder, 'data')}`];
  const variables = { TRAYWATCH_ROOT: path.join(folder, 'tree') };
  if (passed.includes('--headless')) return runHeadless(args, { ...process.env, ...variables });
  const { executable } = await findRuntime();
  await ensureElectronLibraries(executable);
  return withDesktop((env) => runApplication(executable, [...neededSwitches(executable, passed), root, ...args], { ...env, ...variables }));
}

await runMain(() => runDemo(process.argv.slice(2)));
