import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { toAscii } from '../../../scripts/lib/ascii-output.mjs';

/** What a script is worth when it runs. */
const valueOf = (code: string): unknown => runInThisContext(`(${code})`);

describe('toAscii', () => {
  it.each([
    ['a string', '"the window’s process – ende…"'],
    ['a template with what is put in', '`${1 + 1} ≥ ½ of 😀`'],
    ['a backslash before it', String.raw`"a\\’b"`],
    ['a needless escape before it', String.raw`"a\’b"`],
    ['a name', '(() => { const größe = 3; return größe; })()'],
    ['a key', '({ "é": 1, ü: 2 })'],
    ['classes of characters', '"a–b—c😀d".replace(/[–—]/g, "-").replace(/[😀]/u, "smile")'],
    ['an escape in a pattern', String.raw`/^a\–b$/.test("a–b")`],
  ])('means the same: %s', (_what, code) => {
    const ascii = toAscii(code);
    expect(ascii).toMatch(/^[\0-\u007F]*$/);
    expect(valueOf(ascii)).toEqual(valueOf(code));
  });

  it('leaves plain scripts as they are', () => {
    const code = String.raw`const a = "\n\u2019"; // plain`;
    expect(toAscii(code)).toBe(code);
  });
});
