/** Keeps the snoozes: one of each target, ended at their time or with what they cover. */
import { SNOOZE_LENGTHS, covers, isOver, snoozeEnd, targetKey } from '../../shared/alerts/snooze';
import type { Snooze, SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import type { Rule } from '../../shared/alerts/rule';
import { toSubject } from '../../shared/alerts/alert-text';
import type { Incident } from '../../shared/alerts/incident';
import { CallError } from '../../shared/result';
import type { OffsetAt } from '../../shared/series/calendar';
import type { EventRecorder } from '../timeline/event-recorder';
import type { AlertStateStore } from './alert-state-store';
import { toSnoozedEvent, toUnsnoozedEvent } from './alert-timeline-events';

/** What the keeper needs. */
export interface SnoozeControllerParts {
  readonly state: AlertStateStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly offsetAt: OffsetAt;
  readonly open: () => readonly Incident[];
  readonly rules: () => readonly Rule[];
  readonly record: EventRecorder;
}

/** Keeps snoozes. */
export interface SnoozeController {
  /** Throws a CallError where there is nothing to snooze. */
  add(target: SnoozeTarget, length: SnoozeLength): void;
  /** Null ends all. Throws a CallError when there is none such. */
  remove(target: SnoozeTarget | null): void;
  /** Ends what is over; gives what ended at its time. */
  sweep(): readonly Snooze[];
  /** When the next one ends, epoch milliseconds; null when none has a time. */
  nextEnd(): number | null;
}

function labelOf(target: SnoozeTarget, { open, rules }: SnoozeControllerParts): string {
  if (target.kind === 'all') return 'Everything';
  const incident = open().find((each) => covers(target, each));
  if (incident !== undefined) return target.kind === 'rule' ? incident.label : toSubject(incident);
  const rule = rules().find(({ id }) => id === target.ruleId);
  if (rule === undefined) throw new CallError('NotFound', `there is no rule "${target.ruleId}"`);
  return target.kind === 'rule' ? rule.label : `${rule.label} (${target.series})`;
}

/** Makes the keeper. */
export function createSnoozeController(parts: SnoozeControllerParts): SnoozeController {
  const { state, now, offsetAt, open, record } = parts;
  const split = (isGone: (snooze: Snooze) => boolean): readonly Snooze[] => {
    const gone = state.snoozes().filter(isGone);
    if (gone.length > 0) state.setSnoozes(state.snoozes().filter((snooze) => !gone.includes(snooze)));
    return gone;
  };
  return {
    add(target, length) {
      const label = labelOf(target, parts);
      const snooze: Snooze = { target, label, since: now(), until: snoozeEnd(length, now(), offsetAt) };
      if (length === 'recovery' && isOver(snooze, now(), open())) throw new CallError('NotFound', 'there is nothing open that could recover');
      const others = state.snoozes().filter((other) => targetKey(other.target) !== targetKey(target));
      state.setSnoozes([...others, snooze]);
      const words = SNOOZE_LENGTHS[length];
      record(toSnoozedEvent(snooze, words.charAt(0).toLowerCase() + words.slice(1)));
    },
    remove(target) {
      const gone = split((snooze) => target === null || targetKey(snooze.target) === targetKey(target));
      if (gone.length === 0) throw new CallError('NotFound', 'this is not snoozed');
      gone.forEach((snooze) => record(toUnsnoozedEvent(snooze, 'by hand')));
    },
    sweep() {
      const gone = split((snooze) => isOver(snooze, now(), open()));
      gone.forEach((snooze) => record(toUnsnoozedEvent(snooze, snooze.until === null ? 'recovered' : 'its time is up')));
      return gone.filter(({ until }) => until !== null);
    },
    nextEnd() {
      const ends = state.snoozes().flatMap(({ until }) => until ?? []);
      return ends.length === 0 ? null : Math.min(...ends);
    },
  };
}
