/** Reported rows as batches for the copy of a machine's history. Pure. */
import { parseSeriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { ReportedRows } from '../../shared/machines/report-schemas';
import { readingsOf } from '../engine/stored-readings';

/** A row as a batch, and its time at the machine, epoch ms. */
export interface CopiedRow {
  readonly batch: SampleBatch;
  readonly from: number;
}

/** What is known of a report's rows. */
export interface CopyFacts {
  /** Milliseconds to add to the machine's times. */
  readonly correction: number;
  /** Rows later than this are of a clock that was wrong, and are left out; epoch ms of the hub. */
  readonly latest: number;
  /** The machine's last known state, for the labels of its devices. */
  readonly snapshot: Snapshot;
  /** False for a series that is one too many. */
  isKept(key: SeriesKey): boolean;
}

type Columns = readonly (readonly [SeriesKey, readonly (number | null)[]])[];

/** The columns of series that this version knows; a newer machine has others, too. */
function knownColumns({ series }: ReportedRows, isKept: CopyFacts['isKept']): Columns {
  return Object.entries(series).filter(([key]) => {
    const parsed = parseSeriesKey(key);
    // The device becomes the name of a property.
    return parsed !== null && !Object.hasOwn(Object.prototype, parsed.device ?? '') && isKept(key);
  });
}

function valuesAt(columns: Columns, row: number): Record<SeriesKey, number> {
  const values: Record<SeriesKey, number> = {};
  for (const [key, column] of columns) {
    const value = column[row];
    if (value !== null && value !== undefined) values[key] = value;
  }
  return values;
}

/** The rows one after the other. */
export function* copiedRows(rows: ReportedRows, { correction, latest, snapshot, isKept }: CopyFacts): Generator<CopiedRow> {
  const columns = knownColumns(rows, isKept);
  for (const [i, from] of rows.times.entries()) {
    const time = Math.round(from + correction);
    if (time < 0 || time > latest) continue;
    const gap = rows.gaps[String(i)];
    yield { from, batch: { seq: 0, time, ...(gap === undefined ? {} : { gap }), readings: readingsOf(valuesAt(columns, i), snapshot), faults: {} } };
  }
}
