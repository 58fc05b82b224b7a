import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCallbackLog } from '../../support/log';
import { openStateFile } from '../../../src/main/lib/state-file';
import type { StateFile } from '../../../src/main/lib/state-file';
import { createFolder, ODD_FILES, putLinked } from '../../support/odd-files';

const schema = z.strictObject({ n: z.number() });

function createPlace(isWorthKeeping = true) {
  const folder = createFolder();
  const path = join(folder, 'state.json');
  const lines: string[] = [];
  const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message.replaceAll(path, 'PATH')}`));
  const open = (): StateFile<{ n: number }> => openStateFile({ path, schema, initial: { n: 0 }, clock: isWorthKeeping ? { now: () => 0 } : null, log });
  return { folder, path, lines, open, names: () => readdirSync(folder).sort() };
}

describe('a state file', () => {
  it.each(ODD_FILES)('that is $name is left alone: the state starts anew and is not saved', async ({ put, named }) => {
    for (const isWorthKeeping of [true, false]) {
      const { path, lines, open } = createPlace(isWorthKeeping);
      await put(path);
      const { ino } = lstatSync(path);
      const file = open();
      expect([file.get(), file.put({ n: 1 }), file.put({ n: 2 }), file.get(), lstatSync(path).ino]).toEqual([{ n: 0 }, false, false, { n: 2 }, ino]);
      expect(lines).toHaveLength(2);
      expect(lines[0]).toBe('error a file cannot be read and is left as it is');
      expect(lines[1]).toMatch(/^warn PATH is failing: /);
      expect(lines[1]?.replaceAll('PATH', path)).toMatch(named);
    }
  });

  it('with a byte order mark is read', () => {
    const { path, open } = createPlace();
    writeFileSync(path, '\uFEFF{"n":7}');
    expect(open().get()).toEqual({ n: 7 });
  });

  it.each(['{', '[]', '', '{"n":"x"}', '\uFEFFnot JSON'])('that is invalid (%j) is quarantined', (text) => {
    const { path, names, open } = createPlace();
    writeFileSync(path, text);
    const file = open();
    expect([file.get(), file.put({ n: 1 }), names()]).toEqual([{ n: 0 }, true, ['state.corrupt-19700101T000000Z.json', 'state.json']]);
    expect(readFileSync(path.replace('.json', '.corrupt-19700101T000000Z.json'), 'utf8')).toBe(text);
  });

  it('behind a link is written behind it, and kept beside the link where it was invalid', () => {
    const { path, names, open } = createPlace();
    const target = putLinked(path, '{');
    const file = open();
    expect(file.put({ n: 1 })).toBe(true);
    expect([lstatSync(path).isSymbolicLink(), readFileSync(target, 'utf8'), open().get()]).toEqual([true, '{"n":1}\n', { n: 1 }]);
    const kept = names().filter((name) => name.includes('replaced'));
    expect(kept.map((name) => readFileSync(join(path, '..', name), 'utf8'))).toEqual(['{']);
  });

  it('that another program has changed is kept under another name, and written', () => {
    const { path, names, lines, open } = createPlace();
    const file = open();
    file.put({ n: 1 });
    writeFileSync(path, '{"n":99}');
    expect([file.put({ n: 2 }), open().get()]).toEqual([true, { n: 2 }]);
    expect(names()).toEqual(['state.json', 'state.replaced-19700101T000000Z.json']);
    expect(readFileSync(path.replace('.json', '.replaced-19700101T000000Z.json'), 'utf8')).toBe('{"n":99}');
    expect(lines).toEqual(['warn a file was changed by another program; that version is kept']);
  });

  it('that is not worth keeping is just written', () => {
    const { path, names, open } = createPlace(false);
    const file = open();
    writeFileSync(path, '{"n":99}');
    expect([file.put({ n: 2 }), open().get(), names()]).toEqual([true, { n: 2 }, ['state.json']]);
  });
});
