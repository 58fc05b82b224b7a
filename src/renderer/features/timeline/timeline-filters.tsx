/** The toolbar that filters the timeline. */
import { useEffect, useState } from 'react';
import type { EventSeverity } from '../../../shared/timeline/event-schemas';
import { browserTimers } from '../../data/timers';
import { formatEventType } from '../../lib/event-text';
import { isSpan, SPAN_IDS, SPANS } from '../../lib/range';
import type { RangeChoice } from '../../lib/range';
import { ALL_EVENTS, isEmptyFilter, SEVERITIES } from '../../lib/timeline-filter';
import type { TimelineFilter } from '../../lib/timeline-filter';
import { EVENT_SEVERITY_LABELS, EventIcon } from '../../ui/event-icon';
import { useDismiss } from '../../ui/use-dismiss';
import { CustomRange } from '../../ui/range-picker';

interface FiltersProps {
  readonly filter: TimelineFilter;
  /** Every event type in the history. */
  readonly types: readonly string[];
  readonly now: () => number;
  readonly onFilter: (filter: TimelineFilter) => void;
  /** While the search text is typed: replaces the address instead of adding one to the browser's history. */
  readonly onTyping: (filter: TimelineFilter) => void;
}

/** The search starts after this pause in typing, ms. */
const TYPING_PAUSE = 250;

function without<T>(list: readonly T[], item: T): readonly T[] {
  return list.filter((other) => other !== item);
}

/** Search text; the address changes once typing pauses. */
function SearchFilter({ filter, onTyping }: Pick<FiltersProps, 'filter' | 'onTyping'>) {
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => {
    if (draft === null) return undefined;
    return browserTimers.after(TYPING_PAUSE, () => {
      setDraft(null);
      onTyping({ ...filter, text: draft });
    });
  }, [draft, filter, onTyping]);
  return <input className="timeline-search" type="search" placeholder="Search messages" aria-label="Search messages" maxLength={200} value={draft ?? filter.text} onChange={({ target }) => setDraft(target.value)} />;
}

function SeverityFilter({ filter, onFilter }: Pick<FiltersProps, 'filter' | 'onFilter'>) {
  const toggle = (severity: EventSeverity): void => {
    const { severities } = filter;
    onFilter({ ...filter, severities: severities.includes(severity) ? without(severities, severity) : [...severities, severity] });
  };
  return (
    <fieldset className="segments severity-segments">
      <legend className="sr">Severity</legend>
      {SEVERITIES.map((severity) => (
        <button key={severity} type="button" aria-pressed={filter.severities.includes(severity)} onClick={() => toggle(severity)}>
          <EventIcon severity={severity} />
          {EVENT_SEVERITY_LABELS[severity]}
        </button>
      ))}
    </fieldset>
  );
}

function typesLabel(types: readonly string[]): string {
  const [first] = types;
  if (first === undefined) return 'All types';
  return types.length === 1 ? formatEventType(first) : `${types.length} types`;
}

/** Menu of event types: those in the history, and those chosen. */
function TypeFilter({ filter, types, onFilter }: Pick<FiltersProps, 'filter' | 'types' | 'onFilter'>) {
  const [open, setOpen] = useState(false);
  const [close] = useState(() => () => setOpen(false));
  const box = useDismiss(open, close);
  const all = [...new Set([...types, ...filter.types])].map((type) => ({ type, label: formatEventType(type) })).toSorted((a, b) => a.label.localeCompare(b.label));
  return (
    <div className="menu" ref={box}>
      <button type="button" aria-expanded={open} aria-controls="timeline-types" data-chosen={filter.types.length > 0} onClick={() => setOpen(!open)}>
        {typesLabel(filter.types)}
      </button>
      {open && (
        <fieldset className="menu-list type-list" id="timeline-types">
          <legend className="sr">Types</legend>
          {all.length === 0 && <span className="quiet">No types yet</span>}
          {all.map(({ type, label }) => (
            <label key={type} title={type}>
              <input
                type="checkbox"
                checked={filter.types.includes(type)}
                onChange={({ target }) => onFilter({ ...filter, types: target.checked ? [...filter.types, type] : without(filter.types, type) })}
              />
              {label}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}

const ALL_TIME = 'all';
const CUSTOM_RANGE = 'custom';

/** All events, a span that ends now, or a custom range. */
function RangeFilter({ filter, now, onFilter }: Pick<FiltersProps, 'filter' | 'now' | 'onFilter'>) {
  const [open, setOpen] = useState(false);
  const { range } = filter;
  const choose = (next: RangeChoice | null): void => {
    setOpen(false);
    onFilter({ ...filter, range: next });
  };
  const value = open || range?.kind === 'fixed' ? CUSTOM_RANGE : (range?.span ?? ALL_TIME);
  return (
    <>
      <select
        aria-label="Range"
        value={value}
        data-chosen={range !== null}
        onChange={({ target }) => {
          if (target.value === CUSTOM_RANGE) setOpen(true);
          else choose(isSpan(target.value) ? { kind: 'live', span: target.value } : null);
        }}
      >
        <option value={ALL_TIME}>All time</option>
        {SPAN_IDS.map((span) => (
          <option key={span} value={span}>
            Last {SPANS[span].label}
          </option>
        ))}
        <option value={CUSTOM_RANGE}>Custom…</option>
      </select>
      {value === CUSTOM_RANGE && <CustomRange choice={range ?? { kind: 'live', span: '24h' }} now={now} onChoose={choose} />}
    </>
  );
}

/** Filters by text, severity, type and range. */
export function TimelineFilters({ filter, types, now, onFilter, onTyping }: FiltersProps) {
  return (
    <search className="toolbar timeline-toolbar">
      <SearchFilter filter={filter} onTyping={onTyping} />
      <SeverityFilter filter={filter} onFilter={onFilter} />
      <TypeFilter filter={filter} types={types} onFilter={onFilter} />
      <RangeFilter filter={filter} now={now} onFilter={onFilter} />
      {!isEmptyFilter(filter) && (
        <button type="button" className="plain" onClick={() => onFilter(ALL_EVENTS)}>
          Clear filters
        </button>
      )}
    </search>
  );
}
