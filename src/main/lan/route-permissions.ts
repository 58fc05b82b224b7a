/** Authorization of a request: what a route requires of the identity that calls it. Pure. */
import type { Scope } from '../../shared/sharing/auth-policy';
import type { ClientIdentity } from '../access/identity';

/** Scope of the tokens of machines that report here: no other route takes them, and no other token has it. */
export const REPORT_SCOPE = 'report';

/** Who may use a route: everyone, any authenticated identity, or admins. */
export interface RoutePermission {
  readonly access: 'public' | 'viewer' | 'admin';
  /** An API token needs one of these scopes. */
  readonly scopes: readonly (Scope | typeof REPORT_SCOPE)[];
  /** An API token with this scope may use the route whatever its role. */
  readonly grant?: Scope;
}

/** Of a route that states none: no route is public by omission. */
export const DEFAULT_PERMISSION: RoutePermission = { access: 'viewer', scopes: ['read'] };

/** True for a token that has the route's `grant` scope. */
export function isGranted({ grant }: RoutePermission, { scopes }: ClientIdentity): boolean {
  return grant !== undefined && scopes !== null && scopes.includes(grant);
}

/** Whether an identity may use a route. `unauthenticated`: there is no identity. */
export function authorize(permission: RoutePermission, identity: ClientIdentity | null): 'allowed' | 'unauthenticated' | 'forbidden' {
  if (permission.access === 'public') return 'allowed';
  if (identity === null) return 'unauthenticated';
  if (isGranted(permission, identity)) return 'allowed';
  if (permission.access === 'admin' && identity.role !== 'admin') return 'forbidden';
  const { scopes } = identity;
  return scopes === null || permission.scopes.some((scope) => scopes.includes(scope)) ? 'allowed' : 'forbidden';
}
