import { expect, it } from 'vitest';
import { staticFile } from '../../../src/main/desktop/static-file';

const folder = '/opt/app/renderer';

it('maps paths to files of the bundle', () => {
  expect(staticFile(folder, '/')).toBe('/opt/app/renderer/index.html');
  expect(staticFile(folder, '/assets/a%20b.js')).toBe('/opt/app/renderer/assets/a b.js');
});

it.each(['/../secret', '/%2e%2e/secret', '/assets/../../secret', '/..%2fsecret', '/%', '/a%00b', '/..%5c..%5csecret', '/.'])(
  '%s maps to no file',
  (path) => expect(staticFile(folder, path)).toBeNull(),
);
