/** Authorization of a request: what a route requires of the identity that calls it. Pure. */
import { REPORT_SCOPE } from '../../shared/sharing/auth-policy';
import type { Scope } from '../../shared/sharing/auth-policy';
import type { ClientIdentity } from '../access/identity';

/** Who may use a route: everyone, any authenticated identity, or admins. */
export interface RoutePermission {
  readonly access: 'public' | 'viewer' | 'admin';
  /** An API token needs one of these scopes. A route with `report` is for machines that report here, and for nobody else. */
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
  // Machines and the routes for them are for each other alone.
  if ((identity.machine !== undefined) !== permission.scopes.includes(REPORT_SCOPE)) return 'forbidden';
  if (isGranted(permission, identity)) return 'allowed';
  if (permission.access === 'admin' && identity.role !== 'admin') return 'forbidden';
  const { scopes } = identity;
  return scopes === null || permission.scopes.some((scope) => scopes.includes(scope)) ? 'allowed' : 'forbidden';
}
