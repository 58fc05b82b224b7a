import { describe, expect, it } from 'vitest';
import { toText } from '../../../../src/shared/series/export-text';
import type { SeriesPoints } from '../../../../src/shared/series/types';

const NOON = Date.UTC(2026, 10, 20, 12);
const points = (series: string): SeriesPoints => ({ series, time: [NOON, NOON + 1000, NOON + 2000], min: [1, null, 2], avg: [1.5, null, 2], max: [2, null, 2], count: [2, 0, 1] });

describe('toText', () => {
  it('writes CSV after RFC 4180: a row per point, without gaps, names quoted where needed', () => {
    expect(toText('csv', [points('cpu.usage'), points('disk.usage@/mnt/a,"b"')], NOON, NOON + 3000)).toBe(
      [
        'time,series,unit,mean,min,max,count',
        '2026-11-20T12:00:00.000Z,cpu.usage,percent,1.5,1,2,2',
        '2026-11-20T12:00:02.000Z,cpu.usage,percent,2,2,2,1',
        '2026-11-20T12:00:00.000Z,"disk.usage@/mnt/a,""b""",percent,1.5,1,2,2',
        '2026-11-20T12:00:02.000Z,"disk.usage@/mnt/a,""b""",percent,2,2,2,1',
        '',
      ].join('\r\n'),
    );
  });

  it('writes valid JSON', () => {
    expect(JSON.parse(toText('json', [points('cpu.usage'), points('old.metric')], NOON, NOON + 3000))).toEqual({
      program: 'Traywatch',
      from: '2026-11-20T12:00:00.000Z',
      to: '2026-11-20T12:00:03.000Z',
      columns: ['time', 'mean', 'min', 'max', 'count'],
      series: ['cpu.usage', 'old.metric'].map((series, at) => ({
        series,
        unit: at === 0 ? 'percent' : '',
        points: [
          ['2026-11-20T12:00:00.000Z', 1.5, 1, 2, 2],
          ['2026-11-20T12:00:02.000Z', 2, 2, 2, 1],
        ],
      })),
    });
  });
});
