import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatCount, formatValue } from '../../../src/shared/units';

const ROOT = join(import.meta.dirname, '../../..');

describe('large numbers in text', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1\u202f000'],
    [65_535, '65\u202f535'],
    [1_234_567.4, '1\u202f234\u202f567'],
    [-12_345, '-12\u202f345'],
  ])('%s is set in groups of three', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it('are written so wherever a count is a value', () => {
    expect(formatValue(12_345, 'count')).toBe('12\u202f345');
    expect(formatValue(123_456, 'count')).toBe('123\u202fk');
  });

  it('have no other style in the source or the README', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name)).map((name) => join('src', name));
    const found = [...sources, 'README.md'].flatMap((name) => {
      const lines = readFileSync(join(ROOT, name), 'utf8').split('\n');
      // Text, not lists of numbers: a digit, a comma or an ordinary space, and three digits that are no path or code.
      const isText = (line: string): boolean => name.endsWith('.md') || /help=|label=|'[^']*[a-z]{3,}[^']*'|`[^`]*[a-z]{3,}[^`]*`/.test(line);
      return lines.filter((line) => /toLocaleString|Intl\.NumberFormat/.test(line) || (isText(line) && /(?<![\d.,/{-])\d{1,3}[ ,\u00a0]\d{3}(?![\d-])/.test(line.replace(/[dD]="[^"]*"|viewBox="[^"]*"|placeholder="000 000"/g, '')))).map((line) => `${name}: ${line.trim()}`);
    });
    expect(found).toEqual([]);
  });
});
