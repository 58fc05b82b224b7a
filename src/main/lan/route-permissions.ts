/** What a route asks of who calls it. Pure. */
import type { Scope } from '../../shared/sharing/auth-policy';
import type { ClientIdentity } from '../access/identity';

/** Who may use a route: anybody, somebody let in, an admin. */
export interface RoutePermission {
  readonly access: 'public' | 'viewer' | 'admin';
  /** A token needs one of these. */
  readonly scopes: readonly Scope[];
  /** A token that was given this may as well, whatever its role: it was given for this alone. */
  readonly grant?: Scope;
}

/** What a route without a word about it asks: nothing is open by omission. */
export const DEFAULT_PERMISSION: RoutePermission = { access: 'viewer', scopes: ['read'] };

/** True for a token that may by what it was given, not by its role. */
export function isGranted({ grant }: RoutePermission, { scopes }: ClientIdentity): boolean {
  return grant !== undefined && scopes !== null && scopes.includes(grant);
}

/** Whether somebody may: yes; nobody known; known, but not allowed. */
export function authorize(need: RoutePermission, identity: ClientIdentity | null): 'yes' | 'unknown' | 'forbidden' {
  if (need.access === 'public') return 'yes';
  if (identity === null) return 'unknown';
  if (isGranted(need, identity)) return 'yes';
  if (need.access === 'admin' && identity.role !== 'admin') return 'forbidden';
  const { scopes } = identity;
  return scopes === null || need.scopes.some((scope) => scopes.includes(scope)) ? 'yes' : 'forbidden';
}
