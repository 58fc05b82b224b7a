/** What a role may call, as data: a page hides what it cannot use, and the server refuses it anyway. */
import { CALLS } from './contract';
import type { Access, CallName } from './contract';
import { mayUse } from './dispatch';

/** Every call of the contract. */
export const CALL_NAMES = Object.keys(CALLS) as CallName[];

/** The calls a role may use. */
export function callsOf(role: Access): CallName[] {
  return CALL_NAMES.filter((name) => mayUse(role, CALLS[name].access));
}
