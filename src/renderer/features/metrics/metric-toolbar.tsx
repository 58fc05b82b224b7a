/** The toolbar of a metric page. */
import { useStore } from 'zustand';
import type { CursorStore } from '../../charts/chart-cursor';
import type { ChartData } from '../../charts/chart-data';
import { formatDateTime } from '../../lib/range';
import type { RangeChoice } from '../../lib/range';
import { COMPARES, isCompare } from '../../lib/route';
import type { Compare } from '../../lib/route';
import { describeGap, gapAt } from '../../lib/gap-text';
import { ExportMenu } from './export-menu';
import { RangePicker } from '../../ui/range-picker';

interface MetricToolbarProps {
  /** Title of the page. */
  readonly title: string;
  readonly choice: RangeChoice;
  readonly compare: Compare | undefined;
  readonly history: ChartData | null;
  readonly cursor: CursorStore;
  readonly now: () => number;
  readonly onChoose: (choice: RangeChoice) => void;
  readonly onCompare: (compare: Compare | undefined) => void;
  readonly onLive: () => void;
  readonly onUndo: () => void;
}

/** The time at the crosshair, with the reason if it is in a gap; otherwise the range. */
function TimeReadout({ choice, history, cursor }: Pick<MetricToolbarProps, 'choice' | 'history' | 'cursor'>) {
  const time = useStore(cursor, (state) => state.time);
  if (time !== null) {
    const gap = history === null ? null : gapAt(history.gaps, time);
    const isBefore = history !== null && history.begins !== null && time < history.begins;
    return (
      <p className="time-readout">
        {formatDateTime(time)}
        {isBefore && <span className="gap-readout"> Before the history begins</span>}
        {!isBefore && gap !== null && <span className="gap-readout"> {describeGap(gap)}</span>}
      </p>
    );
  }
  if (choice.kind === 'live' || history === null) return <p className="time-readout quiet">Hover for values, drag to zoom</p>;
  return (
    <p className="time-readout quiet">
      {formatDateTime(choice.from)} – {formatDateTime(choice.to)}
    </p>
  );
}

function ComparePicker({ compare, onCompare }: Pick<MetricToolbarProps, 'compare' | 'onCompare'>) {
  return (
    <span className="compare">
      <select aria-label="Compare with" value={compare ?? ''} onChange={({ target }) => onCompare(isCompare(target.value) ? target.value : undefined)}>
        <option value="">No comparison</option>
        {Object.entries(COMPARES).map(([name, { label }]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Range, comparison, export, buttons that leave a zoom, and the time at the crosshair. It stays visible while the page scrolls. */
export function MetricToolbar({ title, choice, compare, history, cursor, now, onChoose, onCompare, onLive, onUndo }: MetricToolbarProps) {
  return (
    <div className="toolbar">
      <RangePicker choice={choice} now={now} onChoose={onChoose} begins={history?.begins ?? null} />
      <ComparePicker compare={compare} onCompare={onCompare} />
      {history !== null && <ExportMenu title={title} choice={choice} history={history} />}
      {choice.kind === 'fixed' && (
        <span className="toolbar-back">
          <button type="button" onClick={onUndo}>
            Undo zoom
          </button>
          <button type="button" className="strong" onClick={onLive} title="Esc">
            Back to live
          </button>
        </span>
      )}
      <TimeReadout choice={choice} history={history} cursor={cursor} />
    </div>
  );
}
