import type { KnipConfig } from 'knip';

/**
 * What nobody needs: files, exports, types, packages. `npm run unused` runs it twice.
 * - As it is: an export that no other file imports, be it a test, is reported; it need not be one, or need not be at all.
 * - With --production: from src alone, as if there were no tests. What is reported then is kept alive by tests only. An
 *   export its own file uses is none of these: a test may look at a part.
 *
 * What the app is built from (electron.vite.config.ts, src/renderer/index.html) and what the test runners look for is found
 * by itself; listed is what is started or bundled by name.
 */
export default ({ production }: { production?: boolean }): KnipConfig => ({
  entry: [
    'scripts/*.mjs',
    // Copied beside the packaged app, or started as it stands.
    'scripts/lib/fallback-shim/index.cjs',
    'tests/fixtures/bare-app/{main.cjs,chart.js}',
    // Loaded by resources/make-icon.mjs, by a name that is put together.
    'src/main/desktop/icon/app-icon.ts!',
    // Bundled by scripts/lib/bench/bundle.mjs.
    'tests/bench/{index,tick,processes,alerts}.ts',
    'tests/bench/store/main.ts',
    'tests/bench/lan/{server,clients}.ts',
    'tests/bench/baseline/{plain,chart}.ts',
    // Named by scripts/test-package.mjs.
    'tests/package/playwright.config.ts',
    'tests/package/*.spec.ts',
    // Bundled by scripts/lib/demo/bundle.mjs.
    'tests/demo/main.ts',
    // Bundled by scripts/lib/wine/bundle.mjs.
    'scripts/lib/wine/{main,vite,vitest}.mjs',
    'tests/wine/*.test.ts',
    // Bundled by the tests that kill them.
    'tests/support/{store-writer,folder-locker,history-deleter,file-holder,nvidia-starter}.ts',
    // Bundled by the test that kills it.
    'tests/support/store-writer.ts',
    // Bundled by the test that runs it in a network of its own.
    'tests/support/named-interfaces.ts',
  ],
  project: ['src/**/*.{ts,tsx,css}!', 'scripts/**/*.{mjs,cjs}', 'tests/**/*.{ts,cjs,js}', '*.config.ts'],
  // Style sheets import nothing here; they only have to be imported.
  compilers: { css: () => '' },
  ignoreExportsUsedInFile: production === true,
  // Programs of the machine, not of a package.
  ignoreBinaries: ['xdg-open', 'dbus-monitor', 'rrdtool', 'promtool', 'prometheus', 'dockerd', 'ss', 'stress-ng', 'dunstctl', 'mkfifo', 'unshare', 'nsenter', 'dpkg', 'traywatch', 'wine', 'gio', 'desktop-file-validate', 'mount', 'umount'],
  // A pattern that no longer matches is a mistake, too.
  treatConfigHintsAsErrors: true,
});
