/** What happens to people's rights, as it stands in the timeline. */
import type { NewEvent, OwnEventType } from '../../shared/timeline/event-schemas';
import type { Timers } from '../engine/clock';

/** Writes an event to the timeline. */
export type EventRecorder = (event: NewEvent) => void;

/** What an event says beside its type. */
export interface AuditEntry {
  readonly severity?: NewEvent['severity'];
  readonly message: string;
  readonly user?: string | null;
  readonly details?: NewEvent['details'];
}

/** Records an event of the app's own. */
export function recordAuditEvent(record: EventRecorder, type: OwnEventType, { severity = 'info', message, user = null, details = null }: AuditEntry): void {
  record({ type, severity, message: message.slice(0, 500), user, details });
}

/** Many failures become one event: an attack must not push everything else out of the timeline. */
export interface FailureAggregator {
  add(address: string): void;
  /** Records what was counted. */
  flush(): void;
}

/** What a tally is built from. */
export interface FailureAggregatorParts {
  readonly timers: Timers;
  readonly record: EventRecorder;
  readonly type: OwnEventType;
  /** "wrong pairing codes", for one and for more. */
  readonly words: { readonly one: string; readonly many: string };
}

/** A first failure is told after so long, together with those that follow it, ms. */
const AGGREGATE_SHORT = 10_000;
/** While they go on, this is the time between two events, ms. */
const AGGREGATE_LONG = 600_000;
/** Addresses named in one event. */
const MAX_ADDRESSES = 10;

/** Makes a tally. */
export function createFailureAggregator({ timers, record, type, words }: FailureAggregatorParts): FailureAggregator {
  let count = 0;
  let addresses = new Set<string>();
  let cancel: (() => void) | null = null;

  const tell = (): boolean => {
    if (count === 0) return false;
    const from = [...addresses].join(', ');
    recordAuditEvent(record, type, {
      severity: count >= 5 ? 'warning' : 'info',
      message: `${count} ${count === 1 ? words.one : words.many}, from ${from}${addresses.size === MAX_ADDRESSES ? ' and perhaps others' : ''}`,
      details: { count, addresses: [...addresses] },
    });
    count = 0;
    addresses = new Set();
    return true;
  };
  const wait = (ms: number): void => {
    cancel = timers.after(ms, () => {
      cancel = null;
      if (tell()) wait(AGGREGATE_LONG);
    });
  };

  return {
    add(address) {
      count += 1;
      if (addresses.size < MAX_ADDRESSES) addresses.add(address);
      if (cancel === null) wait(AGGREGATE_SHORT);
    },
    flush() {
      cancel?.();
      cancel = null;
      tell();
    },
  };
}
