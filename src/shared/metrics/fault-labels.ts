/** Texts for why a metric group could not be read, since when, and when it is tried again. /metrics and the HTTP API carry the codes beside them. */
import type { Failure, Fault, FaultKind } from './reading';

/** One label per kind of fault. */
export const FAULT_LABELS: Readonly<Record<FaultKind, string>> = {
  SystemUnavailable: 'Not available',
  PermissionDenied: 'Permission denied',
  ParseError: 'Unexpected data',
  Timeout: 'Timed out',
};

/** "Timed out: no answer within 5 s". */
export function describeFault({ kind, message }: Failure): string {
  return message === '' ? FAULT_LABELS[kind] : `${FAULT_LABELS[kind]}: ${message}`;
}

/** "CPU cannot be read since 07:31". `formatTime` writes epoch milliseconds. */
export function unreadableText(label: string, { since }: Pick<Fault, 'since'>, formatTime: (time: number) => string): string {
  return `${label} cannot be read since ${formatTime(since)}`;
}

/** Seconds until the next try, rounded up; null where a call that gave no answer must end first. */
export function secondsToRetry({ nextAt }: Pick<Fault, 'nextAt'>, now: number): number | null {
  return nextAt === null ? null : Math.max(0, Math.ceil((nextAt - now) / 1000));
}

/** "Next try in 10 s". */
export function retryText(seconds: number | null): string {
  if (seconds === null) return 'Waiting for an answer';
  return seconds === 0 ? 'Trying again now' : `Next try in ${seconds} s`;
}

/** One line for scripts and logs: "CPU cannot be read since 2026-11-30T07:31:00.000Z. Timed out: no answer within 5 s". Times in UTC. */
export function faultLine(label: string, fault: Fault): string {
  return `${unreadableText(label, fault, (time) => new Date(time).toISOString())}. ${describeFault(fault)}`;
}
