/** Bundling tests for Windows' Node: each test file is an entry, and so is each program that tests start and kill. */
import path from 'node:path';
import { build } from 'vite';
import { makeWorkFolder } from '../cache-folder.mjs';
import { root } from '../paths.mjs';
import { toWindowsPath } from './paths.mjs';
import { PROGRAMS } from './suite.mjs';

const here = path.join(root, 'scripts', 'lib', 'wine');
/** What stands in under Wine for the packages of the test runner and the bundler. */
const STAND_INS = { vitest: path.join(here, 'vitest.mjs'), vite: path.join(here, 'vite.mjs') };

/**
 * Bundles tests and programs.
 * @param {string[]} files paths of test files, from the root
 * @param {string} folder absolute, inside node_modules, so that what stays outside the bundle is found from there
 * @returns {Promise<{ main: string, programs: string }>} absolute paths: the program that runs one test file, and the folder of the others
 */
export async function bundleForWindows(files, folder) {
  const tests = Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), path.join(root, file)]));
  await bundle({ ...tests, main: path.join(here, 'main.mjs') }, folder, { chunkFileNames: 'chunks/[name]-[hash].mjs' });
  const programs = path.join(folder, 'programs');
  // One file each: a test copies it to where it wants it.
  for (const file of PROGRAMS) await bundle({ [path.basename(file, '.ts')]: path.join(root, file) }, programs, { codeSplitting: false });
  return { main: path.join(folder, 'main.mjs'), programs };
}

/**
 * @param {Record<string, string>} input absolute paths by name
 * @param {string} outDir
 * @param {object} output
 */
async function bundle(input, outDir, output) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [standIns(), sourcePlaces()],
    build: { ssr: true, outDir, emptyOutDir: false, target: 'node22', minify: false, rollupOptions: { input, output: { entryFileNames: '[name].mjs', ...output } } },
  });
}

/**
 * Tests import the test runner's package by its name, and get the one for Wine; that one gets the package itself.
 * @returns {import('vite').Plugin}
 */
function standIns() {
  return {
    name: 'traywatch:stand-ins',
    enforce: 'pre',
    resolveId(source, importer) {
      const standIn = Object.hasOwn(STAND_INS, source) ? STAND_INS[/** @type {keyof typeof STAND_INS} */ (source)] : undefined;
      return standIn === undefined || importer === standIn ? null : standIn;
    },
  };
}

/**
 * A test finds its recordings from where its source is, not from where its bundle is.
 * @returns {import('vite').Plugin}
 */
function sourcePlaces() {
  return {
    name: 'traywatch:source-places',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?')[0] ?? '';
      if (!file.startsWith(path.join(root, 'tests')) || !code.includes('import.meta.')) return null;
      const places = { url: `file:///Z:${encodeURI(file)}`, filename: toWindowsPath(file), dirname: toWindowsPath(path.dirname(file)) };
      return code.replaceAll(/\bimport\.meta\.(url|filename|dirname)\b/g, (_, name) => JSON.stringify(places[/** @type {keyof typeof places} */ (name)]));
    },
  };
}

/**
 * A folder for the bundles of this process.
 * @returns {string} absolute path; the caller removes it
 */
export function makeBundleFolder() {
  return makeWorkFolder(path.join(root, 'node_modules', '.cache', 'traywatch-wine'));
}
