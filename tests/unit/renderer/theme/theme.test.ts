import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CSS = readFileSync(new URL('../../../../src/renderer/theme/tokens.css', import.meta.url), 'utf8');

/** Tokens as [light, dark] pairs of hex colors. */
const TOKENS = new Map([...CSS.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name = '', light = '', dark = '']) => [name, [light, dark] as const]));

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function pairs(fore: string, back: string): readonly number[] {
  const [front, ground] = [TOKENS.get(fore), TOKENS.get(back)];
  if (front === undefined || ground === undefined) throw new Error(`no token ${fore} or ${back}`);
  return [contrast(front[0], ground[0]), contrast(front[1], ground[1])];
}

describe('contrast in both themes', () => {
  it('is at least 4.5 : 1 for text', () => {
    const grounds = ['ground', 'panel', 'raised'];
    const texts = [
      ...['text', 'muted'].flatMap((fore) => grounds.map((back) => [fore, back] as const)),
      ...['accent', 'warning', 'critical', 'healthy'].flatMap((fore) => ['ground', 'panel'].map((back) => [fore, back] as const)),
      ['on-accent', 'accent'],
      ['accent', 'accent-soft'],
      ['warning', 'warning-soft'],
      ['critical', 'critical-soft'],
    ] as const;
    const low = texts.filter(([fore, back]) => pairs(fore, back).some((ratio) => ratio < 4.5));
    expect(low).toEqual([]);
  });

  it('is at least 3 : 1 for lines of charts', () => {
    const lines = Array.from({ length: 12 }, (_, at) => `chart-${at + 1}`);
    expect(lines.filter((line) => pairs(line, 'panel').some((ratio) => ratio < 3))).toEqual([]);
  });
});
