import { describe, expect, it } from 'vitest';
import { parseValue } from '../../support/desktop/gvariant';

describe('the text form of D-Bus values', () => {
  it.each([
    ["('text', 1, -2.5, true)", ['text', 1, -2.5, true]],
    ['(uint32 7, [byte 0x0a, 0xff])', [7, [10, 255]]],
    ["{'label': <'Open'>, 'enabled': <false>}", { label: 'Open', enabled: false }],
    ['(@a{sv} {}, @as [])', [{}, []]],
    ["(<(1, @a(iiay) [], '')>,)", [[1, [], '']]],
    ["(objectpath '/a/b',)", ['/a/b']],
    [String.raw`('it\'s \u00e9\n', "it's")`, ["it's é\n", "it's"]],
    [String.raw`b'ab\n'`, [97, 98, 10, 0]],
  ])('reads %s', (text, value) => {
    expect(parseValue(text)).toEqual(value);
  });

  it.each(['', '(1', "'open", '(1) 2', 'nonsense'])('refuses %s', (text) => {
    expect(() => parseValue(text)).toThrow(/\S/);
  });
});
