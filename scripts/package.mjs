/**
 * `npm run package`: an unpacked application for this machine under dist/, built with the runtime that is here.
 * With arguments they go to electron-builder as they are (`npm run package -- --linux AppImage deb`), and that
 * takes the official Electron alone.
 */
import fs from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { nodePath, run } from './lib/exec.mjs';
import { addLauncher } from './lib/launcher.mjs';
import { root } from './lib/paths.mjs';
import { runMain, say } from './lib/say.mjs';
import { findRuntime } from './runtime.mjs';

await runMain(async () => {
  await ensureBuilt();
  const args = process.argv.slice(2);
  if (args.length === 0) return packageForThisMachine();
  return run(nodePath(), [path.join(root, 'node_modules', 'electron-builder', 'cli.js'), ...args, '--publish', 'never']);
});

async function packageForThisMachine() {
  const runtime = await findRuntime();
  const { build, createTargets, Platform } = await import('electron-builder');
  const { toFallbackConfig } = await import('./lib/package-fallback.mjs');
  const config = {
    extends: path.join(root, 'electron-builder.yml'),
    electronDist: runtime.distDir,
    electronVersion: runtime.version,
    ...(runtime.isFallback ? toFallbackConfig(runtime.distDir) : {}),
  };
  if (runtime.isFallback) say('This package is for trying only: it holds the fallback runtime. Releases take the official one.');
  await build({ projectDir: root, targets: createTargets([Platform.current()], 'dir'), config, publish: 'never' });
  for (const name of fs.readdirSync(path.join(root, 'dist')).filter((each) => /^linux(-\w+)?-unpacked$/.test(each))) addLauncher(path.join(root, 'dist', name));
  return 0;
}
