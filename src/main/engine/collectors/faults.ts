/** Creates CollectorErrors with the fault kind and the file they concern. */
import { codeOf, messageOf } from '../../../shared/result';
import type { FaultKind } from '../../../shared/metrics/reading';
import { CollectorError } from './collector';

const FAULT_BY_CODE: Readonly<Record<string, FaultKind>> = { EACCES: 'PermissionDenied', EPERM: 'PermissionDenied' };

/** The `code` of a system error, e.g. ENOENT, or of the one a CollectorError was made of; null for other errors. */
export function errorCodeOf(error: unknown): string | null {
  if (error instanceof CollectorError) return errorCodeOf(error.cause);
  return codeOf(error);
}

/** A failed file access: EACCES and EPERM are PermissionDenied, others SystemUnavailable. A CollectorError is returned as is. */
export function accessFault(error: unknown, path: string): CollectorError {
  if (error instanceof CollectorError) return error;
  const code = errorCodeOf(error);
  const kind = (code === null ? undefined : FAULT_BY_CODE[code]) ?? 'SystemUnavailable';
  return new CollectorError(kind, `${path}: ${code ?? messageOf(error)}`, { cause: error });
}

/** A file with unexpected content: ParseError. */
export function parseFault(path: string, problem: string): CollectorError {
  return new CollectorError('ParseError', `${path}: ${problem}`);
}
