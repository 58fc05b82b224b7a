/** Text about reporting to another Traywatch. Pure. */
import { formatAge } from '../../lib/age';

/** `laptop.local:8543` as `https://laptop.local:8543`: reports are encrypted. */
export function hubUrl(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '');
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
}

/** "Last report 5 s ago." and what is still to be sent. */
export function reportText({ reportedAt, behind }: { readonly reportedAt: number | null; readonly behind: number }, now: number): string {
  const last = reportedAt === null ? 'No report yet.' : `Last report ${formatAge(now - reportedAt)} ago.`;
  return behind < 60_000 ? last : `${last} ${formatAge(behind)} of history still to be sent.`;
}
