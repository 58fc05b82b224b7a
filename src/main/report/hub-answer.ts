/** What an answer of a hub means, and what to do about a refusal in plain words. Pure. */
import { messageOf } from '../../shared/result';
import { reportAnswerSchema } from '../../shared/machines/report-schemas';
import type { ReportAnswer } from '../../shared/machines/report-schemas';
import { OtherCertificateError } from './hub-connection';
import type { HubAnswer } from './hub-connection';

/** The data of an answer: of a call's result the value, else all of it. Undefined for what is no JSON. */
export function dataOf(text: string): unknown {
  try {
    const data = JSON.parse(text) as unknown;
    return typeof data === 'object' && data !== null && 'ok' in data && 'value' in data ? data.value : data;
  } catch {
    return undefined;
  }
}

/** What a report led to. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: ReportAnswer }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfter: number | null }
  /** The report was too large: fewer rows fit. */
  | { readonly kind: 'tooLarge' }
  /** `isCopy`: another machine has the same id. */
  | { readonly kind: 'refused'; readonly reason: string; readonly isCopy: boolean };

/** Why it is not reported any more, by status. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The hub does not understand the reports of this version. Update the older of both.',
  401: 'The hub does not know this machine any more: it was revoked or removed there. To report again, join the hub with a new code.',
  403: 'The hub does not let this machine report: it was revoked there, or its token is of another machine. To report again, join the hub with a new code.',
  404: 'The hub takes no reports: it is an older Traywatch, or another program has its address.',
  409: 'Another machine reports to the hub under the id of this one: its data folder was copied. Leave the hub on the machine that has the copy, then join again there: it gets an id of its own.',
};

/** What an answer to a report means. */
export function replyOf({ status, text, retryAfter }: HubAnswer): Reply {
  if (status === 413) return { kind: 'tooLarge' };
  if (status === 200) {
    const parsed = reportAnswerSchema.safeParse(dataOf(text));
    if (parsed.success) return { kind: 'answer', answer: parsed.data };
    return { kind: 'failed', reason: 'The hub gave an answer that makes no sense. Another program may have its address.', retryAfter: null };
  }
  const reason = REFUSALS[status];
  if (reason !== undefined) return { kind: 'refused', reason, isCopy: status === 409 };
  return { kind: 'failed', reason: status === 429 ? 'The hub has too much to do.' : `The hub cannot take reports now (HTTP ${status}).`, retryAfter: retryAfter === null ? null : retryAfter * 1000 };
}

/** What an error of a request means. */
export function replyOfError(error: unknown): Reply {
  if (!(error instanceof OtherCertificateError)) return { kind: 'failed', reason: `The hub cannot be reached (${messageOf(error)}).`, retryAfter: null };
  const shown = error.shown === null ? '' : ` (${error.shown.fingerprint})`;
  return { kind: 'refused', reason: `The hub shows another certificate than the one that was confirmed${shown}, so nothing is sent. If the hub got a new certificate, join it again and compare the fingerprint.`, isCopy: false };
}
