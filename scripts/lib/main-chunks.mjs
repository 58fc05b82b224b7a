/** How what runs in Node is bundled: the threads' files and the output that the app in Electron and the program without a desktop share. */

/** Files of threads, by the names under which they are started. */
export const WORKERS = { 'database-worker': 'src/main/history/database-worker.ts', 'walk-worker': 'src/main/engine/containers/disk/walk-worker.linux.ts' };

/** CommonJS. The source of what runs stays in memory. Names stay too: they stand in the errors of the log. */
export const OUTPUT = /** @type {const} */ ({
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
});

/** Chunks of libraries that are loaded on their own. */
export const ZOD = { name: 'zod', test: /node_modules[\\/]zod[\\/]/ };
export const PG = { name: 'pg', test: /node_modules[\\/](pg|pg-[a-z\d-]+|pgpass|postgres-[a-z]+|split2|xtend)[\\/]/ };
