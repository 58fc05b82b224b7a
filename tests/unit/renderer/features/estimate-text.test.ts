import { describe, expect, it } from 'vitest';
import { estimateText, formatMegabytes, MEGABYTE } from '../../../../src/renderer/features/settings/estimate-text';
import { historyLimits } from '../../../../src/main/history/open-history';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('what limits of the history will cost', () => {
  it.each([20, 64, 500, 999, 1000, 12_345])('%s MB are told as they are typed', (megabytes) => {
    const { maxBytes } = historyLimits({ keepDays: 1, maxHistoryMb: megabytes });
    expect(maxBytes).toBe(megabytes * MEGABYTE);
    expect(formatMegabytes(maxBytes ?? 0).replaceAll('\u202f', '')).toBe(`${megabytes}MB`);
  });

  it('is told in the unit of the limit beside it', () => {
    const text = plain(estimateText({ bytes: 48_300_000, days: 730, series: 61 }, { keepDays: 730 }));
    expect(text).toBe('About 48 MB after 2 years (61 series).');
    expect(plain(estimateText({ bytes: 1_200_000_000, days: 1, series: 1200 }, { keepDays: 1 }))).toBe('About 1 200 MB after 1 day (1 200 series).');
    expect(plain(formatMegabytes(4_840_000))).toBe('4.8 MB');
  });

  it('says how far back it reaches where the size is reached first', () => {
    expect(plain(estimateText({ bytes: 20_000_000, days: 90, series: 61 }, { keepDays: 730 }))).toBe('Size limit reached after about 90 days (61 series).');
  });
});
