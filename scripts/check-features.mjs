/**
 * `npm run check:features`: builds the renderer once per feature, each time with the pages of that feature replaced by
 * empty components. Fails if such a build fails, or if another feature imports from the one removed: then the feature is
 * not a part that can be taken out or rebuilt alone. Nothing is written. Imports of types vanish in a build; those are
 * checked by `npm run walls`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { root } from './lib/paths.mjs';
import { runMain, say } from './lib/say.mjs';

const renderer = path.join(root, 'src', 'renderer');
const features = path.join(renderer, 'features');

/** Name of the feature that a module belongs to; undefined for a module outside of the features. @param {string} id */
function featureOf(id) {
  const relative = path.relative(features, path.normalize(id));
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative.split(path.sep)[0];
}

/** An empty component for each value that a module exports. @param {string} source */
function toEmpty(source) {
  const names = [...source.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(([, name]) => name);
  return names.map((name) => `export const ${name} = () => null;`).join('\n');
}

/**
 * Replaces the pages of a feature, and records what other features import from it.
 * @param {string} feature
 * @param {{ replaced: number, imports: string[] }} result
 * @returns {import('vite').Plugin}
 */
function withoutPages(feature, result) {
  return {
    name: 'without-pages',
    enforce: 'pre',
    load(id) {
      if (featureOf(id) !== feature || !id.endsWith('-page.tsx')) return null;
      result.replaced += 1;
      return toEmpty(fs.readFileSync(id, 'utf8'));
    },
    moduleParsed({ id, importedIds, dynamicallyImportedIds }) {
      const importer = featureOf(id);
      if (importer === undefined || importer === feature) return;
      const imported = [...importedIds, ...dynamicallyImportedIds].filter((target) => featureOf(target) === feature);
      result.imports.push(...imported.map((target) => `${path.relative(root, id)} imports ${path.relative(root, target)}`));
    },
  };
}

/** Why the renderer does not build without a feature; empty if it does. @param {string} feature */
async function problemsWithout(feature) {
  /** @type {{ replaced: number, imports: string[] }} */
  const result = { replaced: 0, imports: [] };
  try {
    await build({ root: renderer, configFile: false, logLevel: 'silent', plugins: [withoutPages(feature, result), react()], build: { write: false, minify: false, reportCompressedSize: false } });
  } catch (error) {
    const lines = stripVTControlCharacters(error instanceof Error ? error.message : String(error)).split('\n');
    return [lines.find((line) => line.startsWith('[')) ?? lines[0] ?? ''];
  }
  return result.replaced === 0 ? ['no page was replaced: none is named *-page.tsx, or none is imported'] : result.imports;
}

await runMain(async () => {
  let failed = 0;
  for (const { name } of fs.readdirSync(features, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const problems = await problemsWithout(name);
    say(`${name}: ${problems.length === 0 ? 'ok' : `failed: ${problems.join('; ')}`}`);
    if (problems.length > 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
});
