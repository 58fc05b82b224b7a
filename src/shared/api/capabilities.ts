/** The calls a role may use, as data: the page hides what it cannot use. The server checks every call regardless. */
import { CALLS } from './contract';
import type { AccessLevel, CallName } from './contract';
import { hasAccess } from './dispatch';

/** Every call of the contract. */
const CALL_NAMES = Object.keys(CALLS) as CallName[];

/** The calls a role may use. */
export function callsOf(role: AccessLevel): CallName[] {
  return CALL_NAMES.filter((name) => hasAccess(role, CALLS[name].access));
}
