import { useStore } from 'zustand';
import type { CursorStore } from '../charts/cursor';
import { formatMoment } from '../lib/range';
import type { RangeChoice, TimeWindow } from '../lib/range';
import { RangePicker } from './range-picker';

interface DetailToolbarProps {
  readonly choice: RangeChoice;
  readonly window: TimeWindow | null;
  readonly cursor: CursorStore;
  readonly now: () => number;
  readonly onChoose: (choice: RangeChoice) => void;
  readonly onLive: () => void;
  readonly onUndo: () => void;
}

/** The time the crosshair points at; else what is shown. */
function TimeReadout({ choice, window, cursor }: Pick<DetailToolbarProps, 'choice' | 'window' | 'cursor'>) {
  const time = useStore(cursor, (state) => state.time);
  if (time !== null) return <p className="time-readout">{formatMoment(time)}</p>;
  if (choice.kind === 'live' || window === null) return <p className="time-readout quiet">Point at a chart, or drag to zoom</p>;
  return (
    <p className="time-readout quiet">
      {formatMoment(choice.from)} – {formatMoment(choice.to)}
    </p>
  );
}

/** Range, the way back from a zoom, and the time pointed at. It stays in sight while charts scroll. */
export function DetailToolbar({ choice, window, cursor, now, onChoose, onLive, onUndo }: DetailToolbarProps) {
  return (
    <div className="toolbar">
      <RangePicker choice={choice} now={now} onChoose={onChoose} />
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
      <TimeReadout choice={choice} window={window} cursor={cursor} />
    </div>
  );
}
