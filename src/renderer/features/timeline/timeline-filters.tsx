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
  /** Every type there is. */
  readonly types: readonly string[];
  readonly now: () => number;
  readonly onFilter: (filter: TimelineFilter) => void;
  /** The same in the place of the filter before, while something is typed. */
  readonly onTyping: (filter: TimelineFilter) => void;
}

/** A pause in typing after which the search begins, ms. */
const PAUSE = 250;

function without<T>(list: readonly T[], one: T): readonly T[] {
  return list.filter((other) => other !== one);
}

/** Words to search for; the address follows once typing pauses. */
function Search({ filter, onTyping }: Pick<FiltersProps, 'filter' | 'onTyping'>) {
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => {
    if (draft === null) return undefined;
    return browserTimers.after(PAUSE, () => {
      setDraft(null);
      onTyping({ ...filter, text: draft });
    });
  }, [draft, filter, onTyping]);
  return <input className="timeline-search" type="search" placeholder="Search messages" aria-label="Search messages" maxLength={200} value={draft ?? filter.text} onChange={({ target }) => setDraft(target.value)} />;
}

function Severities({ filter, onFilter }: Pick<FiltersProps, 'filter' | 'onFilter'>) {
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

function typesTold(types: readonly string[]): string {
  const [first] = types;
  if (first === undefined) return 'All types';
  return types.length === 1 ? formatEventType(first) : `${types.length} types`;
}

/** Types to choose from: those there are, and those that are chosen. */
function Types({ filter, types, onFilter }: Pick<FiltersProps, 'filter' | 'types' | 'onFilter'>) {
  const [open, setOpen] = useState(false);
  const [close] = useState(() => () => setOpen(false));
  const box = useDismiss(open, close);
  const all = [...new Set([...types, ...filter.types])].map((type) => ({ type, word: formatEventType(type) })).toSorted((a, b) => a.word.localeCompare(b.word));
  return (
    <div className="menu" ref={box}>
      <button type="button" aria-expanded={open} aria-controls="timeline-types" data-chosen={filter.types.length > 0} onClick={() => setOpen(!open)}>
        {typesTold(filter.types)}
      </button>
      {open && (
        <fieldset className="menu-list type-list" id="timeline-types">
          <legend className="sr">Types</legend>
          {all.length === 0 && <span className="quiet">There are none yet</span>}
          {all.map(({ type, word }) => (
            <label key={type} title={type}>
              <input
                type="checkbox"
                checked={filter.types.includes(type)}
                onChange={({ target }) => onFilter({ ...filter, types: target.checked ? [...filter.types, type] : without(filter.types, type) })}
              />
              {word}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}

const ALL = 'all';
const CUSTOM = 'custom';

/** All there is, a span that ends now, or two times of one's own. */
function Range({ filter, now, onFilter }: Pick<FiltersProps, 'filter' | 'now' | 'onFilter'>) {
  const [open, setOpen] = useState(false);
  const { range } = filter;
  const choose = (next: RangeChoice | null): void => {
    setOpen(false);
    onFilter({ ...filter, range: next });
  };
  const value = open || range?.kind === 'fixed' ? CUSTOM : (range?.span ?? ALL);
  return (
    <>
      <select
        aria-label="Range"
        value={value}
        data-chosen={range !== null}
        onChange={({ target }) => {
          if (target.value === CUSTOM) setOpen(true);
          else choose(isSpan(target.value) ? { kind: 'live', span: target.value } : null);
        }}
      >
        <option value={ALL}>All time</option>
        {SPAN_IDS.map((span) => (
          <option key={span} value={span}>
            Last {SPANS[span].label}
          </option>
        ))}
        <option value={CUSTOM}>Custom…</option>
      </select>
      {value === CUSTOM && <CustomRange choice={range ?? { kind: 'live', span: '24h' }} now={now} onChoose={choose} />}
    </>
  );
}

/** Everything the timeline can be narrowed down by. */
export function TimelineFilters({ filter, types, now, onFilter, onTyping }: FiltersProps) {
  return (
    <search className="toolbar timeline-toolbar">
      <Search filter={filter} onTyping={onTyping} />
      <Severities filter={filter} onFilter={onFilter} />
      <Types filter={filter} types={types} onFilter={onFilter} />
      <Range filter={filter} now={now} onFilter={onFilter} />
      {!isEmptyFilter(filter) && (
        <button type="button" className="plain" onClick={() => onFilter(ALL_EVENTS)}>
          Clear filters
        </button>
      )}
    </search>
  );
}
