/** What is typed in the settings of a machine, and what it means. Pure. */
import type { MachineSettings } from '../../../shared/machines/machine-schemas';

const MEGABYTE = 1_000_000;
/** Limits of the schema (shared/machines/machine-schemas.ts), which this file does not load. */
const BOUNDS = { silentMinutes: [2, 1440], keepDays: [1, 3650], megabytes: [10, 1_000_000] } as const;
const MAX_TAGS = 8;

/** The fields as text. */
export interface MachineDraft {
  readonly name: string;
  /** Separated by commas. */
  readonly tags: string;
  readonly alwaysOn: boolean;
  readonly silentMinutes: string;
  readonly keepDays: string;
  /** MB; empty for no limit. */
  readonly maxMegabytes: string;
}

/** Problems by field. */
export type DraftProblems = Partial<Record<keyof MachineDraft, string>>;

/** The fields of these settings. */
export function draftOf({ name, tags, alwaysOn, silentMinutes, keepDays, maxBytes }: MachineSettings): MachineDraft {
  return { name, tags: tags.join(', '), alwaysOn, silentMinutes: String(silentMinutes), keepDays: String(keepDays), maxMegabytes: maxBytes === null ? '' : String(Math.round(maxBytes / MEGABYTE)) };
}

/** A whole number within bounds; a text says what is wrong with it. */
function wholeNumber(text: string, [min, max]: readonly [number, number]): number | string {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max ? value : `Enter a whole number from ${min} to ${max}.`;
}

/** The settings that a draft stands for; null with problems. */
export function settingsOf(draft: MachineDraft): { readonly settings: MachineSettings | null; readonly problems: DraftProblems } {
  const tags = [...new Set(draft.tags.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  const silentMinutes = wholeNumber(draft.silentMinutes, BOUNDS.silentMinutes);
  const keepDays = wholeNumber(draft.keepDays, BOUNDS.keepDays);
  const megabytes = draft.maxMegabytes.trim() === '' ? null : wholeNumber(draft.maxMegabytes, BOUNDS.megabytes);
  const problems: DraftProblems = {
    ...(draft.name.trim() === '' ? { name: 'Enter a name.' } : {}),
    ...(tags.length > MAX_TAGS ? { tags: `Enter at most ${MAX_TAGS} tags.` } : {}),
    ...(typeof silentMinutes === 'string' ? { silentMinutes } : {}),
    ...(typeof keepDays === 'string' ? { keepDays } : {}),
    ...(typeof megabytes === 'string' ? { maxMegabytes: megabytes } : {}),
  };
  if (Object.keys(problems).length > 0 || typeof silentMinutes === 'string' || typeof keepDays === 'string' || typeof megabytes === 'string') return { settings: null, problems };
  return { settings: { name: draft.name.trim(), tags, alwaysOn: draft.alwaysOn, silentMinutes, keepDays, maxBytes: megabytes === null ? null : megabytes * MEGABYTE }, problems };
}
