/** Bundling the benchmark: its driver and the engine for plain Node, and the pages of the bare window. */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { root } from '../paths.mjs';

const source = path.join(root, 'tests', 'bench');

/** What every bundle here has in common. */
const common = { root: source, configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ('warn'), publicDir: /** @type {const} */ (false) };

/**
 * Bundles everything the benchmark runs.
 * @returns {Promise<{ folder: string }>} folder: absolute path with index.mjs, tick.mjs, processes.mjs, alerts.mjs, store.mjs and baseline/
 */
export async function bundleBench() {
  // Inside node_modules, so that what stays outside the bundle is found from there.
  const folder = path.join(root, 'node_modules', '.cache', 'traywatch-bench');
  fs.rmSync(folder, { recursive: true, force: true });
  await bundleForNode(folder);
  await bundleBaseline(path.join(folder, 'baseline'));
  return { folder };
}

/** @param {string} outDir */
async function bundleForNode(outDir) {
  const input = { index: path.join(source, 'index.ts'), tick: path.join(source, 'tick.ts'), processes: path.join(source, 'processes.ts'), alerts: path.join(source, 'alerts.ts'), store: path.join(source, 'store', 'main.ts'), 'lan-server': path.join(source, 'lan', 'server.ts'), 'lan-clients': path.join(source, 'lan', 'clients.ts') };
  const output = { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' };
  await build({ ...common, build: { ssr: true, outDir, emptyOutDir: false, target: 'node24', minify: false, rollupOptions: { input, output } } });
}

/**
 * The pages are plain scripts: a page from a file may not load modules.
 * @param {string} outDir
 */
async function bundleBaseline(outDir) {
  for (const name of ['plain', 'chart']) {
    const entry = path.join(source, 'baseline', `${name}.ts`);
    const lib = { entry, formats: /** @type {['iife']} */ (['iife']), name: 'baseline', fileName: () => `${name}.js` };
    const define = { 'process.env.NODE_ENV': '"production"' };
    await build({ ...common, define, build: { outDir, emptyOutDir: false, minify: true, lib } });
    fs.copyFileSync(path.join(source, 'baseline', `${name}.html`), path.join(outDir, `${name}.html`));
  }
}
