import { chmodSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { asciiOutput } from './scripts/lib/ascii-output.mjs';

const OUT = 'out/headless';

/** The start file is run by its name. */
const executable = (file: string): Plugin => ({ name: 'executable', writeBundle: () => chmodSync(join(OUT, file), 0o755) });

// The program without a desktop, for plain Node: the same composition as in Electron's main, with nothing of Electron in it.
// It reads the page from out/renderer. Reasons: docs/decisions/0027-headless-target.md.
export default defineConfig({
  publicDir: false,
  // Outside stay what has binaries or is large and loaded on few systems, and what the HTTP library would require if it were asked to.
  ssr: { target: 'node', noExternal: true, external: ['better-sqlite3', 'koffi', 'systeminformation', '@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request', ...builtinModules] },
  build: {
    ssr: true,
    outDir: OUT,
    emptyOutDir: true,
    target: 'node22.14',
    // The source of what runs stays in memory; names stand in the errors of the log.
    minify: false,
    rollupOptions: {
      input: { traywatch: 'src/main/traywatch.ts', 'database-worker': 'src/main/history/database-worker.ts', 'walk-worker': 'src/main/engine/containers/disk/walk-worker.linux.ts' },
      output: {
        format: 'cjs',
        entryFileNames: '[name].cjs',
        chunkFileNames: '[name]-[hash].cjs',
        minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
        codeSplitting: {
          groups: [
            { name: 'zod', test: /node_modules[\\/]zod[\\/]/ },
            { name: 'pg', test: /node_modules[\\/](pg|pg-[a-z\d-]+|pgpass|postgres-[a-z]+|split2|xtend)[\\/]/ },
          ],
        },
      },
    },
  },
  plugins: [asciiOutput(), executable('traywatch.cjs')],
});
