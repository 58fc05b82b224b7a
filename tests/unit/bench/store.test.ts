/** What the store's figures are made of: series that go on, histories that look grown, and the rows that are shown. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toExportRows } from '../../bench/parts/store-export';
import { toAgeRows } from '../../bench/parts/store-query';
import { toSizeRows } from '../../bench/parts/store-size';
import { toWritingRows } from '../../bench/parts/store-write';
import { spreadOf } from '../../bench/numbers';
import { random } from '../../support/noise';
import { continueRecording, continueSeries, recordedInterval } from '../../bench/store/continuation';
import { nextHour, pooledHours, scaledHour } from '../../bench/store/hours';
import { plannedSeries, recordedSeries } from '../../bench/store/planned';
import { readRecording } from '../../bench/store/recording';
import type { Recording } from '../../bench/store/recording';
import { createPlayback, playOnce } from '../../bench/store/playback';

const recording = readRecording(resolve('tests/fixtures/recordings/mixed-load.json.gz'));

/** So many seconds of one series that rises by one. */
function ramp(seconds: number): Recording {
  const numbers = Array.from({ length: seconds }, (_, i) => i);
  return { time: numbers.map((i) => 1_000_000 + i * 1000), series: [{ key: 'cpu.usage@0', resolution: 0.1, rows: numbers, steps: numbers }] };
}

describe('a recording that goes on', () => {
  it('gives all of it once before any of it again, the same for the same seed', () => {
    const short = ramp(1000);
    const [series] = short.series;
    if (series === undefined) throw new Error('a series');
    const taken = continueSeries(short, series, random(7)).take(2000);
    expect(taken.slice(0, 1000).toSorted((a, b) => a - b)).toEqual(series.steps);
    expect(taken.slice(1000).toSorted((a, b) => a - b)).toEqual(series.steps);
    expect(taken.slice(0, 1000)).not.toEqual(series.steps);
    expect(taken.slice(1000)).not.toEqual(taken.slice(0, 1000));
    expect(continueSeries(short, series, random(7)).take(2000)).toEqual(taken);
  });

  it('keeps the recording itself, its paces and the order of time', () => {
    const longer = continueRecording(recording, 2 * recording.time.length, 1);
    expect(longer.time.slice(0, recording.time.length)).toEqual(recording.time);
    expect(longer.time.every((time, i) => i === 0 || time > (longer.time[i - 1] ?? 0))).toBe(true);
    for (const [i, series] of longer.series.entries()) {
      const source = recording.series[i];
      if (source === undefined) throw new Error('a series');
      expect(series.steps.slice(0, source.steps.length)).toEqual(source.steps);
      expect(series.rows).toHaveLength(series.steps.length);
      expect(series.rows.length / source.rows.length).toBeCloseTo(2, 1);
      expect(series.rows.at(-1)).toBeLessThan(longer.time.length);
    }
  });

  it('knows how often a series was sampled', () => {
    const of = (key: string): number | undefined => recording.series.filter((one) => one.key === key).map((one) => recordedInterval(recording, one))[0];
    expect([of('cpu.usage'), of('uptime.system'), of('disk.usage')]).toEqual([1000, 10_000, 30_000]);
  });
});

describe('series of a history', () => {
  it('are the stored ones of the recording, then devices like its own, each once', () => {
    const own = recordedSeries(recording).length;
    const keys = plannedSeries(recording, 300).map(({ key }) => key);
    expect(keys).toHaveLength(300);
    expect(new Set(keys).size).toBe(300);
    expect(keys.slice(0, own).every((key) => recording.series.some((one) => one.key === key))).toBe(true);
    expect(keys.slice(own).every((key) => /@.+-\d+$/.test(key))).toBe(true);
    expect(plannedSeries(recording, 3)).toHaveLength(3);
  });

  it('are played with as many samples as were recorded', () => {
    const samples = recordedSeries(recording).reduce((sum, { model }) => sum + model.steps.length, 0);
    const played = Array.from(playOnce(recording), ({ batch, samples: count }) => ({ time: batch.time, count }));
    expect(played.map(({ time }) => time)).toEqual(recording.time);
    expect(played.reduce((sum, { count }) => sum + count, 0)).toBe(samples);
    const { createSource } = createPlayback(recording, 200, 5_000_000);
    const tick = recording.time.length + 3;
    const [later, first] = [createSource()(tick), createSource()(3)];
    expect(later.samples).toBeGreaterThan(createPlayback(recording, 40, 5_000_000).createSource()(3).samples);
    expect(Math.abs(later.batch.time - (5_000_000 + tick * 1000))).toBeLessThan(500);
    // Two stages fill batches of their own; the recording comes again after its end.
    expect(first.batch).not.toBe(later.batch);
    expect(first.batch.readings.cpu?.values).toEqual(later.batch.readings.cpu?.values);
  });
});

describe('hours of a history', () => {
  const wide = recording.series.find(({ key }) => key === 'network.rx@eth0');

  it('keep counts and extremes in every tier when they are made stronger or weaker', () => {
    if (wide === undefined) throw new Error('a series');
    const hour = scaledHour(nextHour(continueSeries(recording, wide, random(3))), 4);
    for (const points of [hour.minutes(), hour.quarters(), hour.hours()]) {
      expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(hour.time.length);
      expect(Math.min(...points.map((point) => point.min))).toBe(Math.min(...hour.steps()));
      expect(Math.max(...points.map((point) => point.max))).toBe(Math.max(...hour.steps()));
      for (const { count, sketch } of points) expect(sketch.counts.reduce((sum, n) => sum + n, 0)).toBe(count);
    }
  });

  it('come out of a pool each once before one comes again', () => {
    if (wide === undefined) throw new Error('a series');
    const next = pooledHours(continueSeries(recording, wide, random(3)), 4, random(5));
    const first = Array.from({ length: 4 }, () => next().hours()[0]);
    expect(new Set(first.map((point) => point?.sum)).size).toBe(4);
    const next8 = Array.from({ length: 8 }, () => next());
    expect(next8.every((hour) => hour.hours()[0]?.count === 3600)).toBe(true);
  });
});

describe('rows of the store', () => {
  const spread = spreadOf([1, 2, 3, 4]);

  it('set sizes beside those of other stores, and leave out what is not installed', () => {
    const sizes = { series: 1, seconds: 10, samples: 10, here: 8, wideRows: 40, narrowRows: 200, rrdtool: null, prometheus: 20 };
    const rows = toSizeRows([{ tier: '1 min', points: 5, bytes: 30, sketchBytes: 50, rows: 200, rrdtool: null }], sizes, null);
    expect(rows.map(({ what, app, bare }) => [what, app, bare])).toEqual([
      ['a sample, recorded 45 min', 0.8, null],
      ['  beside plain rows, wide', 0.8, 4],
      ['  beside plain rows, narrow', 0.8, 20],
      ['  beside Prometheus', 0.8, 2],
      ['a point of 1 min, without sketch', 6, null],
      ['  beside plain rows', 6, 40],
      ['a point of 1 min, its sketch', 10, null],
    ]);
  });

  it('tell days from ticks, and nothing where the system tells nothing', () => {
    const use = { wall: spread, thread: null, blocksWall: 0, blocksThread: 0 };
    const writing = { series: 120, ticks: 3600, samplesPerTick: 70, cpuPerTick: 0.09, handedPerTick: 1000, writtenPerTick: null, databaseBytes: 1, append: use, maintenance: use, checkpoint: use };
    const rows = toWritingRows('120 series', writing, { cpuPerTick: 0.1, written: 150 });
    expect(rows.map(({ app }) => app)).toEqual([0.09, 86.4, null, null, 4, null, 4, null, 4]);
    expect(rows.find(({ what }) => what.includes('append, longest by the clock'))?.range).toEqual({ min: 2, max: 4 });
  });

  it('compare each age with the youngest, which is compared with nothing', () => {
    const latency = (ms: number, ranges: readonly string[]) => ({ open: spread, openCold: null, ranges: ranges.map((range) => ({ range, series: 1, chart: spread, chartThread: spreadOf([ms]), cold: null, stats: spread, statsThread: spreadOf([2 * ms]), chartHeld: null, statsHeld: null })) });
    const rows = toAgeRows([{ name: 'young', latency: latency(2, ['24 h']) }, { name: 'old', latency: latency(3, ['24 h', '1 y']) }]);
    expect(rows.map(({ what, app, bare, compare }) => [what, app, bare, compare])).toEqual([
      ['24 h of young: chart, p95 of processor time', 2, null, 'none'],
      ['24 h of young: statistics, p95 of processor time', 4, null, 'none'],
      ['24 h of old: chart, p95 of processor time', 3, 2, 'over'],
      ['24 h of old: statistics, p95 of processor time', 6, 4, 'over'],
    ]);
  });

  it('show the most memory an export has in use, and how it changes', () => {
    const rows = toExportRows({ format: 'csv', seconds: 3, bytes: 5e6, wall: spread, thread: spread, inUse: [2e6, 7e6, 3e6], residentGrown: 9e6 }, 40);
    expect(rows.at(-2)).toMatchObject({ what: 'two years of 40 series as CSV: memory in use, most of ten looks', app: 7, range: { min: 2, max: 7 } });
    expect(rows.at(-1)).toMatchObject({ app: 9 });
  });
});
