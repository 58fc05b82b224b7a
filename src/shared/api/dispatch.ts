/** Validates a call, runs its handler and returns a Result. Shared by all transports. */
import { CallError, messageOf } from '../result';
import type { Result } from '../result';
import { CALLS, isCallName } from './contract';
import type { AccessLevel, CallName, CallOutput, CallSpec, HandlerInput } from './contract';
import { REFUSALS } from './refusals';
import { checkInput, describeValidationErrors } from './validation-errors';

/** The caller of a handler: a window on the machine, or a remote client with its role. */
export interface Caller {
  /** Unique per window or browser tab; its viewed families are stored under it. */
  readonly id: string;
  readonly role: AccessLevel;
  /** Display name of a remote client: of its device or API token. */
  readonly name?: string;
  /** Id of the machine that the call is about; absent: the one Traywatch runs on. */
  readonly machine?: string;
}

/** A function for each call of the contract; a missing one does not compile. */
export type Handlers = {
  readonly [N in CallName]: (input: HandlerInput<N>, caller: Caller) => CallOutput<N> | Promise<CallOutput<N>>;
};

const RANK: Readonly<Record<AccessLevel, number>> = { viewer: 0, admin: 1, local: 2 };

/** True when a role is sufficient for an access level. */
export function hasAccess(role: AccessLevel, access: AccessLevel): boolean {
  return RANK[role] >= RANK[access];
}

/**
 * Checks the name, the caller's role and the input, runs the handler and wraps its result.
 * `onInternal` gets unexpected errors, for the log.
 */
export async function dispatch(
  handlers: Handlers,
  name: unknown,
  input: unknown,
  caller: Caller,
  onInternal: (name: string, error: unknown) => void,
): Promise<Result<unknown>> {
  if (!isCallName(name)) return { ok: false, code: 'NotFound', message: `no such call: ${String(name).slice(0, 60)}` };
  const spec: CallSpec = CALLS[name];
  if (!hasAccess(caller.role, spec.access)) {
    return { ok: false, code: 'Forbidden', message: REFUSALS[spec.access] };
  }
  const parsed = checkInput(spec.input, input ?? {});
  if (!parsed.success) return { ok: false, code: 'BadInput', message: describeValidationErrors(parsed.error) };
  try {
    const handler = handlers[name] as (input: unknown, caller: Caller) => unknown;
    return { ok: true, value: await handler(parsed.data, caller) };
  } catch (error) {
    if (error instanceof CallError) return { ok: false, code: error.code, message: error.message };
    onInternal(name, error);
    return { ok: false, code: 'Internal', message: messageOf(error) };
  }
}
