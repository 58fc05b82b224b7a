import { describe, expect, it } from 'vitest';
import { findMissingModules } from '../../../../scripts/lib/package/archive-check.mjs';

/** A checkout with a package whose folder `doc` holds a part of its program. */
const CHECKOUT: Readonly<Record<string, string>> = {
  'node_modules/yaml/index.js': "var a = require('./doc/directives.js'); const b = require(`./lib`); const c = import('./late.mjs');",
  'node_modules/yaml/doc/directives.js': '',
  'node_modules/yaml/lib/index.js': "require('../package.json'); require('./optional-that-exists-nowhere')",
  'node_modules/yaml/package.json': '{}',
  'node_modules/yaml/static/page.js': "require('../doc/directives.js')",
  'node_modules/yaml/late.mjs': "import x from './lib/index.js';",
};

const missingWithout = (...left: string[]): string[] =>
  findMissingModules(
    Object.keys(CHECKOUT).filter((file) => !left.includes(file)),
    (file) => CHECKOUT[file] ?? '',
    (file) => file in CHECKOUT,
  );

describe('what was left out of the archive', () => {
  it('is not missed when all is there, nor what exists nowhere', () => {
    expect(missingWithout()).toEqual([]);
  });

  it.each([
    ['node_modules/yaml/doc/directives.js', ['node_modules/yaml/index.js needs node_modules/yaml/doc/directives.js']],
    ['node_modules/yaml/late.mjs', ['node_modules/yaml/index.js needs node_modules/yaml/late.mjs']],
    ['node_modules/yaml/package.json', ['node_modules/yaml/lib/index.js needs node_modules/yaml/package.json']],
    ['node_modules/yaml/lib/index.js', ['node_modules/yaml/index.js needs node_modules/yaml/lib', 'node_modules/yaml/late.mjs needs node_modules/yaml/lib/index.js']],
  ])('is missed: %s', (left, problems) => {
    expect(missingWithout(left)).toEqual(problems);
  });
});
