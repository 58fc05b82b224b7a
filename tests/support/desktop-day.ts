/**
 * A day of desktop use, composed of parts of a recording under varying load (tests/fixtures/recordings/mixed-load):
 *
 *   idle        minutes with a mean CPU usage of 1–24 %
 *   browsing    minutes of 13–54 %
 *   working     minutes of 16–59 %, with bursts
 *   app starts  15 s of a busy minute
 *   downloads   a minute with up to 46 MB/s from the network, repeated
 *   builds      the first five minutes, 58–95 %; and heavier ones, four minutes above 90 %
 *
 * Added to the recording: memory usage on top of 3 GiB in a machine of 8 GiB, and a sensor that follows CPU usage between
 * 42 and 80 °C, with device limits 85 and 100. The machine does not sleep at night.
 */
import type { DeviceReading, Reading, SampleBatch } from '../../src/shared/metrics/reading';
import { parseSeriesKey } from '../../src/shared/metrics/index';
import type { Recording } from '../bench/store/recording';
import { createPlayback } from '../bench/store/playback';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const GIB = 1024 ** 3;

/** Consecutive rows of the recording (one second each), repeated for a number of seconds. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

const minutes = (from: number, to: number, seconds: number): Part => ({ from: from * MINUTE, to: to * MINUTE, seconds });
const idle = (seconds: number): Part => minutes(41, 45, seconds);
const browsing = (seconds: number): Part => minutes(13, 21, seconds);
const working = (seconds: number): Part => minutes(25, 41, seconds);
const appStart: Part = { from: 22 * MINUTE, to: 22 * MINUTE + 15, seconds: 15 };
const download = (seconds: number): Part => minutes(6, 7, seconds);
const build: Part = minutes(0, 5, 5 * MINUTE);
const heavyBuild: Part = { from: 189, to: 249, seconds: 4 * MINUTE };

/** Three quarters of an hour of work. */
const session = (end: Part): Part[] => [appStart, working(20 * MINUTE), browsing(10 * MINUTE), appStart, working(45 * MINUTE - 30 - 30 * MINUTE - end.seconds), end];
const times = (count: number, parts: readonly Part[]): Part[] => Array.from({ length: count }, () => parts).flat();

const DAY: readonly Part[] = [
  idle(7 * HOUR),
  appStart,
  browsing(HOUR - 15),
  ...times(2, [...session(build), ...session(heavyBuild)]),
  ...session(build),
  idle(15 * MINUTE),
  browsing(HOUR),
  ...times(2, [...session(build), ...session(heavyBuild)]),
  download(20 * MINUTE),
  browsing(3 * HOUR),
  appStart,
  download(5 * MINUTE),
  idle(24 * HOUR),
];

/** The row of the recording for each second of the day. */
function rowsOfDay(): readonly number[] {
  const rows: number[] = [];
  for (const { from, to, seconds } of DAY) for (let i = 0; i < seconds && rows.length < 24 * HOUR; i += 1) rows.push(from + (i % (to - from)));
  return rows;
}

/** All known series of a recording as batches, repeated. Readings are created once per row. */
export function repeated(recording: Recording, start: number): (second: number) => SampleBatch {
  const known = recording.series.filter(({ key }) => parseSeriesKey(key) !== null);
  const { createSource } = createPlayback({ ...recording, series: known }, known.length, start);
  const rows = recording.time.map((_, row) => createSource()(row).batch.readings);
  return (second) => ({ seq: second + 1, time: start + second * 1000, readings: rows[second % rows.length] ?? {}, faults: {} });
}

function onSmallMemory(reading: Reading): Reading {
  const used = 3 * GIB + (reading.values['used'] ?? 0);
  return { ...reading, values: { ...reading.values, used, available: 8 * GIB - used, total: 8 * GIB, usage: Math.round((1000 * used) / (8 * GIB)) / 10 } };
}

/** Batches of the day, one per second. */
export function* desktopDay(recording: Recording, start: number): Generator<SampleBatch> {
  const play = repeated(recording, 0);
  let warmth = 0;
  for (const [second, row] of rowsOfDay().entries()) {
    const { readings } = play(row);
    warmth += ((readings.cpu?.values['usage'] ?? 0) - warmth) / 60;
    const sensor: DeviceReading = { label: 'Package', values: { value: Math.round(420 + 3.8 * warmth) / 10 }, limits: { warning: 85, critical: 100 } };
    const { memory } = readings;
    yield {
      seq: second + 1,
      time: start + second * 1000,
      readings: {
        ...readings,
        ...(memory === undefined ? {} : { memory: onSmallMemory(memory) }),
        ...(second % 5 === 0 ? { temperature: { values: { hottest: sensor.values['value'] ?? null }, devices: { package: sensor } } } : {}),
      },
      faults: {},
    };
  }
}
