import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { asciiOutput } from './scripts/lib/ascii-output.mjs';
import { OUTPUT, PG, WORKERS, ZOD } from './scripts/lib/main-chunks.mjs';
import { precompressPlugin } from './scripts/lib/precompress.mjs';
import { shellList } from './scripts/lib/shell-list.mjs';

// Targets are those of the oldest runtime this runs on, the fallback's Chromium 130 and Node 20.18.
const TARGET = { node: 'node20.18', page: 'chrome130' } as const;

// Main and preload are CommonJS: a sandboxed preload must be one CommonJS file, and a CommonJS main runs in
// every Electron this project supports. Native and Node-only packages stay outside the bundles; so does what need not
// be inside, but for two that require an ES module, which Node takes from 20.19 on only, and the updater, of which a tenth is needed.
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: TARGET.node,
      externalizeDeps: { exclude: ['zod', 'electron-updater', 'pg', '@fastify/static', '@fastify/swagger-ui'] },
      rollupOptions: {
        input: { index: 'src/main/index.ts', ...WORKERS },
        output: {
          ...OUTPUT,
          // The bundler's own helpers must not end up in the app's chunk: the entry uses them, and would draw the whole
          // app in before the tray icon. With the libraries in chunks of theirs the helpers get one, too.
          codeSplitting: {
            groups: [
              ZOD,
              { name: 'updater', test: /node_modules[\\/](electron-updater|builder-util-runtime|debug|fs-extra|graceful-fs|js-yaml|argparse|jsonfile|lazy-val|lodash\.[a-z]+|ms|sax|semver|tiny-typed-emitter|universalify)[\\/]/ },
              PG,
              { name: 'lan-libraries', test: /node_modules[\\/]/ },
            ],
          },
        },
      },
    },
    plugins: [asciiOutput()],
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: TARGET.node,
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      outDir: 'out/renderer',
      target: TARGET.page,
      minify: true,
      rollupOptions: {
        input: { index: resolve('src/renderer/index.html'), sw: resolve('src/renderer/worker/sw.ts') },
        // A service worker's scope is its folder, and browsers look for it under the same name each time.
        output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
      },
    },
    plugins: [react(), shellList(), precompressPlugin()],
  },
});
