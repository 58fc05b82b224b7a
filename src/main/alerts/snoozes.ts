/** Snoozes: at most one for each target; each ends at its time, or when the incidents it covers are resolved. */
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

/** What snoozes need. */
export interface SnoozeControllerParts {
  readonly state: AlertStateStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly offsetAt: OffsetAt;
  readonly open: () => readonly Incident[];
  readonly rules: () => readonly Rule[];
  readonly record: EventRecorder;
}

/** Adds and ends snoozes. */
export interface SnoozeController {
  /** Replaces a snooze of the same target. Throws a CallError where there is nothing to snooze. */
  add(target: SnoozeTarget, length: SnoozeLength): void;
  /** Ends a snooze, or with null all of them. Throws a CallError when there is none. */
  remove(target: SnoozeTarget | null): void;
  /** Ends snoozes whose time or incidents are over; returns those that ended at their time. */
  sweep(): readonly Snooze[];
  /** When the next one ends, epoch ms; null when none has a time. */
  nextEnd(): number | null;
}

function labelOf(target: SnoozeTarget, { open, rules }: SnoozeControllerParts): string {
  if (target.kind === 'all') return 'All alerts';
  const incident = open().find((each) => covers(target, each));
  if (incident !== undefined) return target.kind === 'rule' ? incident.label : toSubject(incident);
  const rule = rules().find(({ id }) => id === target.ruleId);
  if (rule === undefined) throw new CallError('NotFound', `there is no rule "${target.ruleId}"`);
  return target.kind === 'rule' ? rule.label : `${rule.label} (${target.series})`;
}

/** Creates the controller on the stored snoozes. */
export function createSnoozeController(parts: SnoozeControllerParts): SnoozeController {
  const { state, now, offsetAt, open, record } = parts;
  const removeWhere = (isEnded: (snooze: Snooze) => boolean): readonly Snooze[] => {
    const ended = state.snoozes().filter(isEnded);
    if (ended.length > 0) state.setSnoozes(state.snoozes().filter((snooze) => !ended.includes(snooze)));
    return ended;
  };
  return {
    add(target, length) {
      const label = labelOf(target, parts);
      const snooze: Snooze = { target, label, since: now(), until: snoozeEnd(length, now(), offsetAt) };
      if (length === 'recovery' && isOver(snooze, now(), open())) throw new CallError('NotFound', 'there is no open alert to be resolved');
      const others = state.snoozes().filter((other) => targetKey(other.target) !== targetKey(target));
      state.setSnoozes([...others, snooze]);
      const text = SNOOZE_LENGTHS[length];
      record(toSnoozedEvent(snooze, text.charAt(0).toLowerCase() + text.slice(1)));
    },
    remove(target) {
      const ended = removeWhere((snooze) => target === null || targetKey(snooze.target) === targetKey(target));
      if (ended.length === 0) throw new CallError('NotFound', 'this is not snoozed');
      ended.forEach((snooze) => record(toUnsnoozedEvent(snooze, 'manually')));
    },
    sweep() {
      const ended = removeWhere((snooze) => isOver(snooze, now(), open()));
      ended.forEach((snooze) => record(toUnsnoozedEvent(snooze, snooze.until === null ? 'resolved' : 'expired')));
      return ended.filter(({ until }) => until !== null);
    },
    nextEnd() {
      const ends = state.snoozes().flatMap(({ until }) => until ?? []);
      return ends.length === 0 ? null : Math.min(...ends);
    },
  };
}
