/** The unpacked application, as electron-builder makes it: the runtime, and the app in an archive. */
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../paths.mjs';
import { say } from '../say.mjs';
import { checkArchive } from './archive-check.mjs';
import { updateSourceOf } from './update-source.mjs';

/**
 * @param {import('../../runtime.mjs').Runtime} runtime
 * @param {string} output absolute path of a folder
 * @param {string | null} version in place of that in package.json
 * @returns {Promise<string>} absolute path of the unpacked application
 * @throws {import('../say.mjs').UserError} when a module was left out that is needed
 */
export async function makeUnpacked(runtime, output, version) {
  const { build, createTargets, Platform } = await import('electron-builder');
  const { toFallbackConfig } = await import('../package-fallback.mjs');
  const updates = updateSourceOf(process.env, { isTrial: runtime.isFallback });
  const config = {
    extends: path.join(root, 'electron-builder.yml'),
    directories: { output, buildResources: 'resources' },
    electronDist: runtime.distDir,
    electronVersion: runtime.version,
    extraMetadata: { ...(version === null ? {} : { version }), ...(updates === null ? {} : { updates }) },
    ...(runtime.isFallback ? toFallbackConfig(runtime.distDir) : {}),
  };
  if (runtime.isFallback) say('This package is a trial build: it holds the fallback runtime. Releases take the official one.');
  await build({ projectDir: root, targets: createTargets([Platform.current()], 'dir'), config, publish: 'never' });
  const unpacked = fs.globSync('{*-unpacked,mac*/Traywatch.app}', { cwd: output })[0] ?? '';
  const archive = fs.globSync('{resources,Contents/Resources}/app.asar', { cwd: path.join(output, unpacked) })[0] ?? '';
  checkArchive(path.join(output, unpacked, archive), root);
  return path.join(output, unpacked);
}
