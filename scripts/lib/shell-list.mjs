/** Tells the service worker which files the page needs at first, and gives each build a name of its own. */
import { createHash } from 'node:crypto';

/**
 * A plugin that puts `{ version, files }` in the place of `__SHELL__` in sw.js.
 * @returns {import('vite').Plugin}
 */
export function shellList() {
  return {
    name: 'shell-list',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      // What a browser shows first is the entry, and what it signs in with.
      const first = chunks.filter((chunk) => (chunk.isEntry && chunk.name === 'index') || chunk.name === 'remote');
      if (worker?.type !== 'chunk' || first.length === 0) return;
      const needed = first.flatMap((chunk) => [chunk.fileName, ...chunk.imports, ...(chunk.viteMetadata?.importedCss ?? [])]);
      const files = [...new Set(needed)].map((name) => `./${name}`);
      const names = Object.keys(bundle).filter((name) => name !== 'sw.js').toSorted();
      const version = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 12);
      worker.code = worker.code.replaceAll('__SHELL__', JSON.stringify({ version, files }));
    },
  };
}
