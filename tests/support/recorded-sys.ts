/** Parts of /sys in tests/fixtures/sys, as entries of a tree. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeEntries } from './fake-tree';

/** The attributes of a recording: `path:content` a line; paths of buses have colons, contents come after the name of a file. */
export function recordedSys(name: string): TreeEntries {
  const lines = readFileSync(join(import.meta.dirname, '../fixtures/sys', `${name}.txt`), 'utf8').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, path, content = ''] = /^([^#].*\/\w+):(.*)$/.exec(line) ?? [];
      return path === undefined ? [] : [[path, content]];
    }),
  );
}
