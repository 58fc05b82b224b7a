/** What a deletion of history removes, said before it is done. Pure. */
import type { Deletion, DeletionPreview, GoneDevice } from '../../../shared/api/deletion-schemas';
import { familyOf } from '../../../shared/metrics/index';
import { formatCount } from '../../../shared/units';
import { formatDateTime, fromFieldTime } from '../../lib/range';
import { formatMegabytes } from './estimate-text';

/** The word that is typed to confirm. */
export const CONFIRMATION = 'delete';

/** What is chosen in the form. */
export interface DeletionForm {
  readonly kind: Deletion['kind'];
  /** YYYY-MM-DD as the date field has it; empty for none. */
  readonly date: string;
  /** "family@device"; empty for none. */
  readonly device: string;
}

/** Why nothing can be deleted yet, beside its field; or what is deleted. */
export type DeletionChoice = { readonly deletion: Deletion; readonly problem: null } | { readonly deletion: null; readonly problem: string };

/** A device in the select. */
export const deviceValue = ({ family, device }: GoneDevice): string => `${family}@${device}`;

const missing = (problem: string): DeletionChoice => ({ deletion: null, problem });

/** Midnight of a date of the form, local; null where it is none. */
function midnightOf(date: string): number | null {
  return /^\d{4}-\d\d-\d\d$/.test(date) ? fromFieldTime(`${date}T00:00`) : null;
}

/** What the form says. `now` in epoch ms. */
export function toDeletion({ kind, date, device }: DeletionForm, devices: readonly GoneDevice[], now: number): DeletionChoice {
  if (kind === 'all') return { deletion: { kind }, problem: null };
  if (kind === 'device') {
    const found = devices.find((one) => deviceValue(one) === device);
    return found === undefined ? missing('Choose a device.') : { deletion: { kind, family: found.family, device: found.device }, problem: null };
  }
  const time = midnightOf(date);
  if (time === null || time < 0) return missing('Choose a date.');
  return time > now ? missing('Choose a date that is not in the future.') : { deletion: { kind, time }, problem: null };
}

const counted = (count: number, one: string): string => `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
const DAY = 86_400_000;
/** Sizes below this are not told, bytes: they would be shown as zero. */
const SMALL = 100_000;
const dayOf = (time: number): string => formatDateTime(time).slice(0, 10);

/** Whether there is anything to delete. */
export function isEmpty({ size }: DeletionPreview): boolean {
  return size.from === null && size.events === 0 && size.alerts === 0 && size.snapshots === 0;
}

function historyText({ from, to, series, bytes }: DeletionPreview['size']): string {
  if (from === null || to === null) return 'no measured values';
  const days = Math.max(1, Math.round((to - from) / DAY));
  const range = dayOf(from) === dayOf(to) ? dayOf(from) : `${dayOf(from)} to ${dayOf(to)}`;
  return `${counted(days, 'day')} of history (${range}, ${formatCount(series)} series, ${bytes < SMALL ? `less than ${formatMegabytes(SMALL)}` : `about ${formatMegabytes(bytes)}`})`;
}

/** "Deletes 412 days of history (…), 900 events, 38 resolved alerts and the process snapshots of that time." */
export function consequenceText({ size }: DeletionPreview, kind: Deletion['kind']): string {
  const snapshots = kind === 'device' ? 'their process snapshots' : 'the process snapshots of that time';
  return `Deletes ${historyText(size)}, ${counted(size.events, 'event')}, ${counted(size.alerts, 'resolved alert')} and ${snapshots}.`;
}

/** What stays, and that there is no way back. */
export function remainderText({ copies }: DeletionPreview, kind: Deletion['kind']): string {
  const own = kind === 'device' ? 'Open alerts, and totals of the machine that included it, stay.' : 'Open alerts, rules and settings stay.';
  const files = copies === 0 ? 'So do backups.' : `So do backups, and ${copies === 1 ? 'an earlier copy' : `${formatCount(copies)} earlier copies`} of the history in the data folder.`;
  return `${own} ${files} This cannot be undone.`;
}

/** Label of a device that is gone: "Disk space: /mnt/usb, last seen 2026-11-02". `last`: start of a UTC day. */
export function deviceText({ family, device, last }: GoneDevice): string {
  return `${familyOf(family).label}: ${device}${last === 0 ? '' : `, last seen ${new Date(last).toISOString().slice(0, 10)}`}`;
}
