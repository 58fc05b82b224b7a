/** What the LAN server says while somebody is being let in, taken apart. What is not as it should be is null. */
import type { PasswordRefusal } from '../../app/app';
import type { Me, Pending, RequestStateResponse, SignedInIdentity } from '../../../shared/sharing/sign-in-schemas';
import type { Result } from '../../../shared/result';

/** The fields of an answer; none of an error. */
function fieldsOf(answer: Result<unknown>): Readonly<Record<string, unknown>> {
  return answer.ok ? recordOf(answer.value) : {};
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toIdentity(value: unknown): SignedInIdentity | null {
  const { id, name, role, account, capabilities } = recordOf(value);
  if (typeof id !== 'string' || typeof name !== 'string' || (role !== 'viewer' && role !== 'admin') || !Array.isArray(capabilities)) return null;
  return { id, name, role, account: typeof account === 'string' ? account : null, capabilities: capabilities.filter((one): one is string => typeof one === 'string') };
}

/** Who this browser is, and whether it could sign in with a password. */
export function toMe(answer: Result<unknown>): Me | null {
  const { identity, passwords } = fieldsOf(answer);
  if (typeof passwords !== 'boolean') return null;
  return { identity: toIdentity(identity), passwords };
}

/** A request that waits for the desktop. */
export function toPending(answer: Result<unknown>): Pending | null {
  const { id, host, expiresIn } = fieldsOf(answer);
  return typeof id === 'string' && /^\w{1,40}$/.test(id) && typeof host === 'string' && typeof expiresIn === 'number' ? { id, host, expiresIn } : null;
}

/** How a request stands. */
export function toRequestState(answer: Result<unknown>): RequestStateResponse['state'] | null {
  const { state } = fieldsOf(answer);
  return state === 'pending' || state === 'approved' || state === 'denied' || state === 'expired' ? state : null;
}

/** A refusal of another password in words for a person. */
export function toPasswordRefusal({ code, message }: Extract<Result<unknown>, { ok: false }>): PasswordRefusal {
  const [, field, problem] = /^(current|password): (.*)$/.exec(message) ?? [];
  if (field === 'current') return { field, message: 'This is not your password.' };
  if (field === 'password') return { field, message: `It ${problem ?? ''}.` };
  if (code === 'TooMany') return { field: 'current', message: 'Too many tries. Wait a minute.' };
  return { field: null, message: code === 'Unauthorized' ? 'This browser has been signed out.' : `Not changed: ${message}.` };
}
