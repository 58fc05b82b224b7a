/** What a package needs to be different in when it is built with the fallback runtime. */
import fs from 'node:fs';
import path from 'node:path';
import { createPackageWithOptions, extractAll } from '@electron/asar';

/** The fallback's own better-sqlite3, and what that needs. */
const carried = ['better-sqlite3', 'bindings', 'file-uri-to-path'];

/**
 * Parts of electron-builder's configuration that make a package of the fallback.
 * @param {string} distDir the fallback's distribution
 */
export function toFallbackConfig(distDir) {
  return {
    /** @param {{ appOutDir: string }} context */
    async afterPack({ appOutDir }) {
      const resources = path.join(appOutDir, 'resources');
      // The loader would be found before the packaged application.
      fs.rmSync(path.join(resources, 'app'), { recursive: true, force: true });
      fs.rmSync(path.join(appOutDir, 'traywatch-fallback.json'), { force: true });
      await replaceSqlite(resources, path.join(distDir, 'resources', 'app', 'node_modules'));
    },
  };
}

/**
 * @param {string} resources the package's folder with app.asar
 * @param {string} source folder with the modules to carry
 */
async function replaceSqlite(resources, source) {
  const archive = path.join(resources, 'app.asar');
  const work = fs.mkdtempSync(path.join(resources, 'app-'));
  extractAll(archive, work);
  for (const name of carried) {
    const target = path.join(work, 'node_modules', name);
    fs.rmSync(target, { recursive: true, force: true });
    fs.cpSync(path.join(source, name), target, { recursive: true });
  }
  fs.rmSync(`${archive}.unpacked`, { recursive: true, force: true });
  await createPackageWithOptions(work, archive, { unpack: '*.node' });
  fs.rmSync(work, { recursive: true, force: true });
}
