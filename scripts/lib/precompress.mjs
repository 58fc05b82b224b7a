/** Compressed copies of what was built, beside the originals: the LAN server hands them out as they are. */
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** Kinds of files that gain by it; pictures and fonts are compressed already. */
const TEXT = /\.(html|js|css|svg|json|webmanifest|map)$/;
/** Smaller files fit into one packet anyway, bytes. */
const SMALLEST = 1024;

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

/** @param {string} file */
async function compressFile(file) {
  const text = await fs.promises.readFile(file);
  const [br, gz] = await Promise.all([brotli(text), gzip(text, { level: 9 })]);
  await Promise.all([fs.promises.writeFile(`${file}.br`, br), fs.promises.writeFile(`${file}.gz`, gz)]);
}

/**
 * Writes `name.br` and `name.gz` for each text file of a folder and its folders.
 * @param {string} folder
 */
export async function precompress(folder) {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => TEXT.test(name));
  const files = names.map((name) => path.join(folder, name)).filter((file) => fs.statSync(file).size >= SMALLEST);
  await Promise.all(files.map(compressFile));
}

/**
 * The same as a step of a Vite build; a development server needs no copies.
 * @returns {import('vite').Plugin}
 */
export function precompressPlugin() {
  return {
    name: 'traywatch-precompress',
    apply: 'build',
    async writeBundle(options) {
      if (options.dir !== undefined) await precompress(options.dir);
    },
  };
}
