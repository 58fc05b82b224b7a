/**
 * Draws resources/icon.png (512 × 512) with the drawing code of the tray icon; electron-builder makes the
 * other formats of it. resources/icon.svg is the same for desktops on Linux. Those a phone shows for the page on its home screen go to src/renderer/public/icons.
 * Run it after a change of the drawing: `node resources/make-icon.mjs`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const SIZE = 512;

/** @param {string} name a module of the drawing code */
const load = async (name) => {
  const { module } = await runnerImport(`/src/main/desktop/icon/${name}`, { root, configFile: false, logLevel: 'error' });
  return module;
};

const { appIconSvg, drawAppIcon, drawMaskableIcon } = await load('app-icon.ts');
const { toPng } = await load('png.ts');
writeFileSync(new URL('icon.png', import.meta.url), toPng(drawAppIcon(SIZE)));
writeFileSync(new URL('icon.svg', import.meta.url), appIconSvg());

const icons = new URL('../src/renderer/public/icons/', import.meta.url);
mkdirSync(icons, { recursive: true });
for (const size of [192, SIZE]) {
  writeFileSync(new URL(`icon-${size}.png`, icons), toPng(drawAppIcon(size)));
  writeFileSync(new URL(`maskable-${size}.png`, icons), toPng(drawMaskableIcon(size)));
}
