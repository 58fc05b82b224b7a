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
  const folder = path.join(root, 'node_modules', '.cache', 'traywatch-demo', String(process.pid));
  fs.rmSync(folder, { recursive: true, force: true });
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
