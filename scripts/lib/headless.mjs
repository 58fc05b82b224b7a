/** Starting the program without a desktop: it runs under plain Node, and needs no Electron and no library of a desktop. */
import path from 'node:path';
import { nodePath, runApplication } from './exec.mjs';
import { outDir } from './paths.mjs';

/**
 * Runs it in the foreground.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code, as `run`
 */
export function runHeadless(args, env) {
  return runApplication(nodePath(), [path.join(outDir, 'headless', 'traywatch.cjs'), ...args], env);
}
