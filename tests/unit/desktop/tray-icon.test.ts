import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { appIconSvg, drawAppIcon } from '../../../src/main/desktop/icon/app-icon';
import { drawTrayIcon, iconKey, LEVELS } from '../../../src/main/desktop/icon/draw';
import type { IconScheme, IconState } from '../../../src/main/desktop/icon/draw';
import { toPng } from '../../../src/main/desktop/icon/png';
import type { Picture } from '../../../src/main/desktop/icon/raster';

const SIZES = [16, 22, 24, 32, 44, 48];
const SCHEMES: readonly IconScheme[] = ['panel', 'template'];
const state = (severity: IconState['severity'], level: number | null = 5, paused = false): IconState => ({ level, severity, paused });
const STATES: readonly IconState[] = [state('healthy'), state('warning'), state('critical'), state('unknown', null), state('healthy', 5, true)];

const alphaAt = ({ size, pixels }: Picture, x: number, y: number): number => pixels[(y * size + x) * 4 + 3] ?? -1;

/** Brightness of each pixel on a panel of the given brightness, 0–255. */
function grayOn({ pixels }: Picture, panel: number): number[] {
  return Array.from({ length: pixels.length / 4 }, (_, index) => {
    const at = (channel: number): number => pixels[index * 4 + channel] ?? 0;
    const own = 0.2126 * at(0) + 0.7152 * at(1) + 0.0722 * at(2);
    return panel + (own - panel) * (at(3) / 255);
  });
}

/** Share of pixels that clearly differ. */
function difference(a: readonly number[], b: readonly number[]): number {
  return a.filter((value, index) => Math.abs(value - (b[index] ?? 0)) > 40).length / a.length;
}

describe('drawTrayIcon', () => {
  it.each(SIZES)('is distinct for every state in grayscale on dark and light panels at %i px', (size) => {
    for (const panel of [32, 236]) {
      for (const [index, one] of STATES.entries()) {
        for (const other of STATES.slice(index + 1)) {
          const [a, b] = [one, other].map((each) => grayOn(drawTrayIcon(each, size, 'panel'), panel));
          expect(difference(a ?? [], b ?? []), `${iconKey(one)} | ${iconKey(other)} on ${panel}`).toBeGreaterThan(0.05);
        }
      }
    }
  });

  it.each(SIZES)('differs from step to step at %i px', (size) => {
    const levels = Array.from({ length: LEVELS }, (_, index) => drawTrayIcon(state('healthy', index + 1), size, 'panel'));
    expect(new Set(levels.map(({ pixels }) => pixels.join())).size).toBe(LEVELS);
  });

  it.each(SIZES)('has straight edges on whole pixels at %i px', (size) => {
    for (const scheme of SCHEMES) {
      const middle = size / 2;
      const picture = drawTrayIcon(state('healthy'), size, scheme);
      const cross = Array.from({ length: size }, (_, at) => [alphaAt(picture, at, middle), alphaAt(picture, middle, at)]).flat();
      expect(cross.filter((alpha) => alpha !== 0 && alpha !== 255)).toEqual([]);
      expect(cross.filter((alpha) => alpha === 255).length).toBeGreaterThan(4);
    }
  });

  it('is symmetric from left to right, except for the triangle', () => {
    for (const each of STATES.filter(({ severity }) => severity !== 'warning')) {
      const picture = drawTrayIcon(each, 22, 'panel');
      const gray = grayOn(picture, 0);
      for (let y = 0; y < 22; y += 1) {
        const row = gray.slice(y * 22, (y + 1) * 22);
        expect(row.map(Math.round)).toEqual(row.toReversed().map(Math.round));
      }
    }
  });

  it('uses only black in a template image, with a distinct alpha for every state', () => {
    const pictures = STATES.map((each) => drawTrayIcon(each, 16, 'template'));
    for (const { pixels } of pictures) expect(pixels.some((value, index) => index % 4 !== 3 && value !== 0)).toBe(false);
    const alphas = pictures.map(({ pixels }) => [...pixels].filter((_, index) => index % 4 === 3));
    for (const [index, one] of alphas.entries()) {
      for (const other of alphas.slice(index + 1)) expect(difference(one, other)).toBeGreaterThan(0.05);
    }
  });

  it('has one key for states with the same picture', () => {
    expect(iconKey(state('healthy', 2, true))).toBe(iconKey(state('critical', 9, true)));
    expect(iconKey(state('healthy', 2))).not.toBe(iconKey(state('healthy', 3)));
    expect(iconKey(state('healthy', null))).not.toBe(iconKey(state('healthy', 0)));
  });
});

describe('toPng', () => {
  it('keeps every pixel', () => {
    const picture = drawTrayIcon(state('warning'), 22, 'panel');
    const png = toPng(picture);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([22, 22]);
    const dataAt = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(dataAt + 4, dataAt + 4 + png.readUInt32BE(dataAt - 4)));
    const pixels = Array.from({ length: 22 }, (_, y) => [...rows.subarray(y * 89 + 1, (y + 1) * 89)]).flat();
    expect(pixels).toEqual([...picture.pixels]);
  });
});

describe('drawAppIcon', () => {
  it('is opaque inside and transparent at the corners', () => {
    const picture = drawAppIcon(64);
    expect([alphaAt(picture, 0, 0), alphaAt(picture, 63, 63), alphaAt(picture, 32, 32)]).toEqual([0, 0, 255]);
  });
});

describe('appIconSvg', () => {
  it('is what lies in resources, so that both are made anew after a change: node resources/make-icon.mjs', () => {
    expect(readFileSync(new URL('../../../resources/icon.svg', import.meta.url), 'utf8')).toBe(appIconSvg());
  });
});
