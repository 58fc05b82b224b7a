/** What the documents name exists: paths, links and npm scripts. Facts that a document states twice are not found here. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> };

/** The code of a document: fenced blocks, and spans in backticks. */
function codeOf(text: string): string[] {
  const fences = [...text.matchAll(/^```[^\n]*\n([^]*?)^```/gm)].map(([, block = '']) => block);
  const spans = [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return [...fences, ...spans];
}

/** Paths of the repository among a document's code. */
const pathsOf = (text: string): string[] => codeOf(text).flatMap((code) => code.split(/\s+/)).filter((part) => /^(src|tests|scripts|docs)\//.test(part));

/** Targets of links, apart from those that lead out of the repository. */
const linksOf = (text: string): string[] => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));

const scriptsOf = (text: string): string[] => [
  ...[...text.matchAll(/\bnpm run (?:--?\w+ )*([\w:-]+)/g)].map(([, name = '']) => name),
  ...[...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name = '']) => name),
];

/** Every path that `a/{b,c}` stands for. */
function expand(path: string): string[] {
  const found = /^(.*?)\{([^}]*)\}(.*)$/.exec(path);
  const [, before = '', names = '', after = ''] = found ?? [];
  return found === null ? [path] : names.split(',').flatMap((name) => expand(`${before}${name}${after}`));
}

/** A glob, or a placeholder such as `<family>`, must match something. */
const exists = (path: string): boolean => (/[*<]/.test(path) ? globSync(path.replaceAll(/<[^>]+>/g, '*'), { cwd: root }).length > 0 : existsSync(join(root, path)));

/** The fragment GitHub gives a heading. */
const toFragment = (heading: string): string => heading.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');

const hasHeading = (path: string, text: string, fragment: string): boolean => {
  const target = path === '' ? text : readFileSync(join(root, path), 'utf8');
  return [...target.matchAll(/^#+ (.+)$/gm)].some(([, heading = '']) => toFragment(heading) === fragment);
};

/** What a document names and what is not there. `path` is the document's own, from the root. */
function missingIn(path: string, text: string): string[] {
  const links = linksOf(text).filter((link) => {
    const [target = '', fragment] = link.split('#');
    const file = target === '' ? '' : relative(root, join(root, dirname(path), target));
    return (file !== '' && !existsSync(join(root, file))) || (fragment !== undefined && !hasHeading(file, text, fragment));
  });
  return [...pathsOf(text).filter((named) => !expand(named).every(exists)), ...links, ...scriptsOf(text).filter((name) => !Object.hasOwn(scripts, name)).map((name) => `npm run ${name}`)];
}

describe('the documents', () => {
  it.each(documents)('%s names only paths, links and scripts that exist', (path) => {
    expect(missingIn(path, readFileSync(join(root, path), 'utf8'))).toEqual([]);
  });

  it('name enough for this to mean something', () => {
    const all = documents.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
    expect(documents.length).toBeGreaterThan(10);
    expect(pathsOf(all).length).toBeGreaterThan(200);
    expect(linksOf(all).length).toBeGreaterThan(30);
    expect(new Set(scriptsOf(all)).size).toBeGreaterThan(8);
  });
});

describe('a document is refused', () => {
  it.each([
    ['a file that is gone', 'See `src/main/shell/tray.ts`.', 'src/main/shell/tray.ts'],
    ['a folder that is gone', 'See `docs/manual`.', 'docs/manual'],
    ['a file in a fenced block', '```sh\nnpx vitest run tests/unit/gone.test.ts\n```\n', 'tests/unit/gone.test.ts'],
    ['a glob that matches nothing', 'See `src/main/shell/*.ts`.', 'src/main/shell/*.ts'],
    ['one of several names', 'See `src/main/{core,shell}`.', 'src/main/{core,shell}'],
    ['a file in a command', 'Run `npx vitest run tests/unit/gone.test.ts`.', 'tests/unit/gone.test.ts'],
    ['a placeholder in a folder that is gone', 'See `src/shared/families/<family>.ts`.', 'src/shared/families/<family>.ts'],
    ['a link to nothing', 'See [this](decisions/0006-journal.md).', 'decisions/0006-journal.md'],
    ['a link from the wrong folder', 'See [this](docs/cost.md).', 'docs/cost.md'],
    ['a heading that is not in the file', 'See [this](../README.md#two-commands).', '../README.md#two-commands'],
    ['a heading that is not in this file', '# Here\nSee [this](#there).', '#there'],
    ['a script that is gone', 'Run `npm run e2e` first.', 'npm run e2e'],
  ])('for %s', (_, text, named) => {
    expect(missingIn('docs/tried.md', text)).toEqual([named]);
  });

  it.each([
    'See `src/main/app.ts`, `src/main/engine`, `src/main/*.ts`, `src/main/{core,desktop}`, `src/shared/metrics/<family>.ts`.',
    'See [this](cost.md), [that](../README.md#quick-start), [here](#a-heading--and-more), [there](https://example.test/gone).\n## A heading – and more',
    'Run `npm run test:e2e -- -g tray`, `npm run --silent walls`, `npm start` or `npm ci`. `src` and `GET /api/status` are no paths.',
  ])('not for %s', (text) => {
    expect(missingIn('docs/tried.md', text)).toEqual([]);
  });
});
