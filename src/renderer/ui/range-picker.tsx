/**
 * The ui room: components without knowledge of a page, such as icons, fields, banners, tables' cells and, here, the choice
 * of a range of time.
 * Files of this room may import data, lib and src/shared; they must not import features, app or the files directly under
 * src/renderer. Their styles are in src/renderer/theme, ui/tables.css and charts/charts.css.
 */
import { useState } from 'react';
import { beginText, isBeyond } from '../lib/coverage';
import { fixedRange, fromFieldTime, isSpan, SPAN_IDS, SPANS, toFieldTime, windowOf } from '../lib/range';
import type { RangeChoice, Span } from '../lib/range';
import './coverage.css';

/** The current range and the callback for another one. */
interface RangePickerProps {
  readonly choice: RangeChoice;
  /** Returns the time of the latest batch, epoch ms. */
  readonly now: () => number;
  readonly onChoose: (choice: RangeChoice) => void;
  /** Begin of the history, epoch ms; ranges that reach beyond it are marked. */
  readonly begins?: number | null;
}

/** Value of the select for a range that is not one of the spans. */
const CUSTOM = 'custom';

/** Form for a fixed range: start and end. */
export function CustomRange({ choice, now, onChoose }: RangePickerProps) {
  const shown = windowOf(choice, now());
  const [from, setFrom] = useState(toFieldTime(shown.from));
  const [to, setTo] = useState(toFieldTime(shown.to));
  const start = fromFieldTime(from);
  const end = fromFieldTime(to);
  const problem = start === null || end === null ? 'Enter both times.' : end <= start ? 'The end must be after the start.' : null;
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
        Apply
      </button>
      {problem !== null && (
        <span className="field-error" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}

/** The same choice as a select, for narrow pages. */
function RangeSelect({ choice, isLonger, onSpan, onCustom }: { readonly choice: RangeChoice; readonly isLonger: (span: Span) => boolean; readonly onSpan: (span: Span) => void; readonly onCustom: () => void }) {
  const value = choice.kind === 'fixed' ? CUSTOM : choice.span;
  return (
    <select className="range-select" aria-label="Range" value={value} onChange={({ target }) => (isSpan(target.value) ? onSpan(target.value) : onCustom())}>
      {SPAN_IDS.map((span) => (
        <option key={span} value={span}>
          {SPANS[span].label}
          {isLonger(span) && ' (longer than the history)'}
        </option>
      ))}
      <option value={CUSTOM}>Custom…</option>
    </select>
  );
}

/** Buttons for the live ranges, and a form for a fixed one. */
export function RangePicker({ choice, now, onChoose, begins = null }: RangePickerProps) {
  const [open, setOpen] = useState(false);
  const fixed = choice.kind === 'fixed';
  const chooseSpan = (span: Span): void => {
    setOpen(false);
    onChoose({ kind: 'live', span });
  };
  const isLonger = (span: Span): boolean => isBeyond(span, begins, now());
  return (
    <div className="range">
      <RangeSelect choice={choice} isLonger={isLonger} onSpan={chooseSpan} onCustom={() => setOpen(true)} />
      <fieldset className="segments">
        <legend className="sr">Range</legend>
        {SPAN_IDS.map((span) => (
          <button key={span} type="button" aria-pressed={!fixed && choice.span === span} onClick={() => chooseSpan(span)} {...(begins !== null && isLonger(span) ? { 'data-longer': true, title: `Longer than the history. ${beginText(begins)}` } : {})}>
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
