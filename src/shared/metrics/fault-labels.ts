/** Text for why a metric group could not be read. /metrics, the HTTP API and the status document carry the codes themselves. */
import type { Fault, FaultKind } from './reading';

/** One label per kind of fault. */
export const FAULT_LABELS: Readonly<Record<FaultKind, string>> = {
  SystemUnavailable: 'Not available',
  PermissionDenied: 'Permission denied',
  ParseError: 'Unexpected data',
  Timeout: 'Timed out',
};

/** "Timed out: no answer within 5 s". */
export function describeFault({ kind, message }: Fault): string {
  return message === '' ? FAULT_LABELS[kind] : `${FAULT_LABELS[kind]}: ${message}`;
}
