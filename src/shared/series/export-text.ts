/**
 * Exports points as CSV or JSON. CSV follows RFC 4180 (CRLF, quotes where needed), one row per point and series; times are
 * ISO 8601 in UTC, values in the metric's base unit. A point of several samples has their mean, minimum, maximum and
 * count; gaps have no row.
 */
import { parseSeriesKey } from '../metrics/index';
import type { SeriesPoints } from './types';

/** Format of an exported file. */
export type ExportFormat = 'csv' | 'json';

/** Header row of a CSV file. */
export const CSV_HEAD = 'time,series,unit,mean,min,max,count\r\n';

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The unit of a series; empty for an unknown one. */
function unitOf(key: string): string {
  return parseSeriesKey(key)?.descriptor.unit ?? '';
}

/** CSV rows of one series. */
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

/** Beginning of a JSON file: program, range and the meaning of a point's five entries. */
export function jsonHead(from: number, to: number): string {
  const about = { program: 'Traywatch', from: new Date(from).toISOString(), to: new Date(to).toISOString(), columns: ['time', 'mean', 'min', 'max', 'count'] };
  return `${JSON.stringify(about).slice(0, -1)},"series":[`;
}

/** End of a JSON file. */
export const JSON_TAIL = '\n]}\n';

/** Beginning of a series in a JSON file. */
export function jsonSeriesHead(key: string, isFirst: boolean): string {
  return `${isFirst ? '' : ','}\n{"series":${JSON.stringify(key)},"unit":"${unitOf(key)}","points":[`;
}

/** End of a series in a JSON file. */
export const JSON_SERIES_TAIL = ']}';

/** Points in a JSON file, comma-separated without brackets; empty without values. */
export function toJsonPoints({ time, min, avg, max, count }: SeriesPoints): string {
  return time
    .flatMap((at, i) => ((avg[i] ?? null) === null ? [] : [JSON.stringify([new Date(at).toISOString(), avg[i], min[i], max[i], count[i]])]))
    .join(',');
}

/** A complete file of points in memory. */
export function toText(format: ExportFormat, series: readonly SeriesPoints[], from: number, to: number): string {
  if (format === 'csv') return CSV_HEAD + series.map(toCsvRows).join('');
  const parts = series.map((points, at) => jsonSeriesHead(points.series, at === 0) + toJsonPoints(points) + JSON_SERIES_TAIL);
  return jsonHead(from, to) + parts.join('') + JSON_TAIL;
}
