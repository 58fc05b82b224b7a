import { useState } from 'react';
import { fixedRange, fromFieldTime, isSpan, SPAN_IDS, SPANS, toFieldTime, windowOf } from '../lib/range';
import type { RangeChoice, Span } from '../lib/range';

/** The range shown, and what to do with another. */
interface RangePickerProps {
  readonly choice: RangeChoice;
  /** The time of the latest batch, asked only when needed. */
  readonly now: () => number;
  readonly onChoose: (choice: RangeChoice) => void;
}

/** The word for a range that is none of the spans. */
const CUSTOM = 'custom';

/** Two fields for a range of one's own. */
export function CustomRange({ choice, now, onChoose }: RangePickerProps) {
  const shown = windowOf(choice, now());
  const [from, setFrom] = useState(toFieldTime(shown.from));
  const [to, setTo] = useState(toFieldTime(shown.to));
  const start = fromFieldTime(from);
  const end = fromFieldTime(to);
  const problem = start === null || end === null ? 'Give both times.' : end <= start ? 'The end must be after the start.' : null;
  return (
    <form
      className="custom-range"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null && start !== null && end !== null) onChoose(fixedRange(start, end, choice.span, now()));
      }}
    >
      <label>
        From
        <input type="datetime-local" step="1" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        To
        <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" disabled={problem !== null}>
        Show
      </button>
      {problem !== null && (
        <span className="field-error" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}

/** The same choice where there is no room for a row of buttons. */
function RangeSelect({ choice, onSpan, onCustom }: { readonly choice: RangeChoice; readonly onSpan: (span: Span) => void; readonly onCustom: () => void }) {
  const value = choice.kind === 'fixed' ? CUSTOM : choice.span;
  return (
    <select className="range-select" aria-label="Range" value={value} onChange={({ target }) => (isSpan(target.value) ? onSpan(target.value) : onCustom())}>
      {SPAN_IDS.map((span) => (
        <option key={span} value={span}>
          {SPANS[span].label}
        </option>
      ))}
      <option value={CUSTOM}>Custom…</option>
    </select>
  );
}

/** The ranges to choose from. */
export function RangePicker({ choice, now, onChoose }: RangePickerProps) {
  const [open, setOpen] = useState(false);
  const fixed = choice.kind === 'fixed';
  const chooseSpan = (span: Span): void => {
    setOpen(false);
    onChoose({ kind: 'live', span });
  };
  return (
    <div className="range">
      <RangeSelect choice={choice} onSpan={chooseSpan} onCustom={() => setOpen(true)} />
      <fieldset className="segments">
        <legend className="sr">Range</legend>
        {SPAN_IDS.map((span) => (
          <button key={span} type="button" aria-pressed={!fixed && choice.span === span} onClick={() => chooseSpan(span)}>
            {SPANS[span].label}
          </button>
        ))}
        <button type="button" aria-pressed={fixed} aria-expanded={open} onClick={() => setOpen(!open)}>
          Custom
        </button>
      </fieldset>
      {open && <CustomRange key={fixed ? `${choice.from}-${choice.to}` : choice.span} choice={choice} now={now} onChoose={onChoose} />}
    </div>
  );
}
