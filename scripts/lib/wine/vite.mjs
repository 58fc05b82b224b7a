/** Stands in for the bundler under Wine, where it does not run: the programs of the tests were bundled before, and are copied. */
import fs from 'node:fs';
import path from 'node:path';

/**
 * Puts the bundled program where the caller wants it.
 * @param {{ build: { ssr: string, outDir: string, rollupOptions: { output: { entryFileNames: string } } } }} config
 */
export async function build({ build: { ssr, outDir, rollupOptions } }) {
  const bundled = path.join(process.env.TRAYWATCH_WINE_PROGRAMS ?? '', `${path.basename(ssr, '.ts')}.mjs`);
  fs.mkdirSync(outDir, { recursive: true });
  fs.copyFileSync(bundled, path.join(outDir, rollupOptions.output.entryFileNames));
}
