import { chmodSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { asciiOutput } from './scripts/lib/ascii-output.mjs';
import { OUTPUT, PG, WORKERS, ZOD } from './scripts/lib/main-chunks.mjs';

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
    minify: false,
    rollupOptions: {
      input: { traywatch: 'src/main/traywatch.ts', ...WORKERS },
      output: { ...OUTPUT, codeSplitting: { groups: [ZOD, PG] } },
    },
  },
  plugins: [asciiOutput(), executable('traywatch.cjs')],
});
