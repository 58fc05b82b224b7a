/** Records many failures of one kind as few timeline events: an attack must not push everything else out of the timeline. */
import type { OwnEventType } from '../../shared/timeline/event-schemas';
import type { Timers } from '../engine/clock';
import type { EventRecorder } from '../timeline/event-recorder';

/** Counts failures and records the counts. */
export interface FailureAggregator {
  add(address: string): void;
  /** Records what has been counted since the last event. */
  flush(): void;
}

/** What the aggregator is built from. */
export interface FailureAggregatorParts {
  readonly timers: Timers;
  readonly record: EventRecorder;
  readonly type: OwnEventType;
  /** Noun of the message, such as "wrong pairing codes". */
  readonly label: { readonly one: string; readonly many: string };
}

/** Time from a first failure to its event, ms; failures within it are counted in the same event. */
const FIRST_EVENT_DELAY = 10_000;
/** Time between two events while failures go on, ms. */
const EVENT_INTERVAL = 600_000;
/** From this count on an event is a warning. */
const WARNING_COUNT = 5;
/** Addresses named in one event. */
const MAX_ADDRESSES = 10;

/** Creates an aggregator for failures of one event type. */
export function createFailureAggregator({ timers, record, type, label }: FailureAggregatorParts): FailureAggregator {
  let count = 0;
  let addresses = new Set<string>();
  let cancel: (() => void) | null = null;

  /** Returns false when there was nothing to record. */
  const recordCount = (): boolean => {
    if (count === 0) return false;
    const from = [...addresses].join(', ');
    record({
      type,
      severity: count >= WARNING_COUNT ? 'warning' : 'info',
      message: `${count} ${count === 1 ? label.one : label.many} from ${from}${addresses.size === MAX_ADDRESSES ? ' and possibly others' : ''}`,
      details: { count, addresses: [...addresses] },
    });
    count = 0;
    addresses = new Set();
    return true;
  };
  const schedule = (ms: number): void => {
    cancel = timers.after(ms, () => {
      cancel = null;
      if (recordCount()) schedule(EVENT_INTERVAL);
    });
  };

  return {
    add(address) {
      count += 1;
      if (addresses.size < MAX_ADDRESSES) addresses.add(address);
      if (cancel === null) schedule(FIRST_EVENT_DELAY);
    },
    flush() {
      cancel?.();
      cancel = null;
      recordCount();
    },
  };
}
