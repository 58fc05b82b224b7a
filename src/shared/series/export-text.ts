/**
 * Points as text for other programs. CSV after RFC 4180 (CRLF, quotes where needed), one row per point and series;
 * times are ISO 8601 in UTC, values in the metric's base unit. A point that stands for several samples has their mean,
 * least, greatest and number; holes have no row.
 */
import { parseSeriesKey } from '../metrics/index';
import type { SeriesPoints } from './types';

/** A kind of file. */
export type ExportFormat = 'csv' | 'json';

/** The row of names. */
export const CSV_HEAD = 'time,series,unit,mean,min,max,count\r\n';

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The unit a series is kept in; empty for one this version does not know. */
function unitOf(key: string): string {
  return parseSeriesKey(key)?.descriptor.unit ?? '';
}

/** Rows of one series. */
export function toCsvRows({ series, time, min, avg, max, count }: SeriesPoints): string {
  const head = `${quoted(series)},${unitOf(series)}`;
  let text = '';
  time.forEach((at, i) => {
    const mean = avg[i] ?? null;
    if (mean === null) return;
    text += `${new Date(at).toISOString()},${head},${mean},${min[i] ?? ''},${max[i] ?? ''},${count[i] ?? 0}\r\n`;
  });
  return text;
}

/** What a JSON file begins with: what it is and what a point's five numbers mean. */
export function jsonHead(from: number, to: number): string {
  const about = { program: 'Traywatch', from: new Date(from).toISOString(), to: new Date(to).toISOString(), columns: ['time', 'mean', 'min', 'max', 'count'] };
  return `${JSON.stringify(about).slice(0, -1)},"series":[`;
}

/** What a JSON file ends with. */
export const JSON_TAIL = '\n]}\n';

/** Begins a series of a JSON file. */
export function jsonSeriesHead(key: string, isFirst: boolean): string {
  return `${isFirst ? '' : ','}\n{"series":${JSON.stringify(key)},"unit":"${unitOf(key)}","points":[`;
}

/** Ends a series of a JSON file. */
export const JSON_SERIES_TAIL = ']}';

/** Points of a JSON file as a list without its brackets; empty where there is no value. */
export function toJsonPoints({ time, min, avg, max, count }: SeriesPoints): string {
  return time
    .flatMap((at, i) => ((avg[i] ?? null) === null ? [] : [JSON.stringify([new Date(at).toISOString(), avg[i], min[i], max[i], count[i]])]))
    .join(',');
}

/** A whole file of points that are at hand. */
export function toText(format: ExportFormat, series: readonly SeriesPoints[], from: number, to: number): string {
  if (format === 'csv') return CSV_HEAD + series.map(toCsvRows).join('');
  const parts = series.map((points, at) => jsonSeriesHead(points.series, at === 0) + toJsonPoints(points) + JSON_SERIES_TAIL);
  return jsonHead(from, to) + parts.join('') + JSON_TAIL;
}
