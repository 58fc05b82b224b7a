/**
 * `npm run package`: Traywatch for this machine under dist/, with the runtime that is here.
 *
 * Without arguments an unpacked application; `-- deb rpm tar.gz` makes these of it (with `--fast` quickly and larger,
 * `--version=1.2.3` under another version, `--output=FOLDER` elsewhere), `sbom` the list of what is inside. Other arguments go
 * to electron-builder as they are (`npm run package -- --linux AppImage`), and that takes the official Electron alone.
 */
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { nodePath, run } from './lib/exec.mjs';
import { makePackages } from './lib/package/index.mjs';
import { parsePackageOptions, toSigningArgs } from './lib/package/options.mjs';
import { updateSourceOf } from './lib/package/update-source.mjs';
import { root } from './lib/paths.mjs';
import { runMain } from './lib/say.mjs';

/** The same for electron-builder's own formats. */
function updateArgs() {
  const source = updateSourceOf(process.env, { isTrial: false });
  return source === null ? [] : Object.entries(source).map(([name, value]) => `-c.extraMetadata.updates.${name}=${value}`);
}

await runMain(async () => {
  const args = process.argv.slice(2);
  const options = parsePackageOptions(args);
  await ensureBuilt();
  if (options === null) return run(nodePath(), [path.join(root, 'node_modules', 'electron-builder', 'cli.js'), ...args, ...updateArgs(), ...toSigningArgs(process.env), '--publish', 'never']);
  await makePackages(options);
  return 0;
});
