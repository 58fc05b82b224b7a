/** Parts of an engine's answer, which is text from outside: what has another form than expected counts as missing. Pure. */

import { toPlainLine } from '../../../shared/plain-text';

/** A JSON object. */
type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; empty where it is none. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list; empty where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that says something; null otherwise. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Longest texts that are kept of an engine, characters. */
export const LONGEST = { name: 200, image: 300, text: 300 } as const;
/** One visible line; null where nothing is left. */
export function lineOf(value: unknown, longest: number = LONGEST.text): string | null {
  const text = typeof value === 'string' ? toPlainLine(value) : '';
  return text === '' ? null : Array.from(text).slice(0, longest).join('');
}

/** The id of a container; null for what is none. It is a part of addresses, and is kept with each event. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.-]{1,128}$/.test(value) ? value : null;
}

/** A finite number; null otherwise. */
export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A whole number that is exact, also one that is written as text; null otherwise. */
export function wholeOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : numberOf(value);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

/** A time of an engine (RFC 3339) in epoch ms. Null where it is missing; engines write the year 1 for "never". */
export function timeOf(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) && time > 0 ? time : null;
}

/** JSON text as a value; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
