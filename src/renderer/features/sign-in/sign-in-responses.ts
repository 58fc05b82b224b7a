/** Parses the responses of the LAN server to sign-in requests. An unexpected response is null. */
import type { PasswordRefusal } from '../../app/app-types';
import type { Me, Pending, RequestStateResponse, SignedInIdentity } from '../../../shared/sharing/sign-in-schemas';
import type { Result } from '../../../shared/result';

/** Fields of a response; none if it is an error. */
function fieldsOf(response: Result<unknown>): Readonly<Record<string, unknown>> {
  return response.ok ? recordOf(response.value) : {};
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toIdentity(value: unknown): SignedInIdentity | null {
  const { id, name, role, account, capabilities } = recordOf(value);
  if (typeof id !== 'string' || typeof name !== 'string' || (role !== 'viewer' && role !== 'admin') || !Array.isArray(capabilities)) return null;
  return { id, name, role, account: typeof account === 'string' ? account : null, capabilities: capabilities.filter((call): call is string => typeof call === 'string') };
}

/** Identity of this browser, null if it is not signed in, and whether any account exists. */
export function toMe(response: Result<unknown>): Me | null {
  const { identity, passwords } = fieldsOf(response);
  if (typeof passwords !== 'boolean') return null;
  return { identity: toIdentity(identity), passwords };
}

/** An access request that waits for approval. */
export function toPending(response: Result<unknown>): Pending | null {
  const { id, host, expiresIn } = fieldsOf(response);
  return typeof id === 'string' && /^\w{1,40}$/.test(id) && typeof host === 'string' && typeof expiresIn === 'number' ? { id, host, expiresIn } : null;
}

/** State of an access request. */
export function toRequestState(response: Result<unknown>): RequestStateResponse['state'] | null {
  const { state } = fieldsOf(response);
  return state === 'pending' || state === 'approved' || state === 'denied' || state === 'expired' ? state : null;
}

/** Text of a refused password change, with the field it concerns. */
export function toPasswordRefusal({ code, message }: Extract<Result<unknown>, { ok: false }>): PasswordRefusal {
  const [, field, problem] = /^(current|password): (.*)$/.exec(message) ?? [];
  if (field === 'current') return { field, message: 'Incorrect password.' };
  if (field === 'password') return { field, message: `It ${problem ?? ''}.` };
  if (code === 'TooMany') return { field: 'current', message: 'Too many attempts. Try again in a minute.' };
  return { field: null, message: code === 'Unauthorized' ? 'This browser has been signed out.' : `Not changed: ${message}.` };
}
