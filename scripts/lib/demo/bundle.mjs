/** Bundling the demo: the generator of made-up machines and the engine, for plain Node. */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { root } from '../paths.mjs';

const source = path.join(root, 'tests', 'demo');

/**
 * Bundles the programs of the demo.
 * @returns {Promise<{ program: string, folder: string }>} absolute paths of the program and its folder, which the caller removes
 */
export async function bundleDemo() {
  // Inside node_modules, so that what stays outside the bundle is found from there; of this process alone, as two may run.
  const parent = path.join(root, 'node_modules', '.cache', 'traywatch-demo');
  removeAbandoned(parent);
  const folder = path.join(parent, String(process.pid));
  const output = { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' };
  await build({
    root: source,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: { ssr: true, outDir: folder, emptyOutDir: false, target: 'node24', minify: false, rollupOptions: { input: { main: path.join(source, 'main.ts') }, output } },
  });
  return { program: path.join(folder, 'main.mjs'), folder };
}

/**
 * Removes the bundles of processes that were killed before they could, and of one that had our id.
 * @param {string} parent
 */
function removeAbandoned(parent) {
  const names = fs.existsSync(parent) ? fs.readdirSync(parent) : [];
  for (const name of names) if (name === String(process.pid) || !isRunning(Number(name))) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user is running, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
