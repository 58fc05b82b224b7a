/** From a request to a call of the contract and back to HTTP. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CALLS } from '../../../shared/api/contract';
import type { CallName } from '../../../shared/api/contract';
import { dispatch } from '../../../shared/api/dispatch';
import type { Result } from '../../../shared/result';
import type { Scope } from '../../../shared/sharing/auth-policy';
import { isGranted } from '../route-permissions';
import type { RoutePermission } from '../route-permissions';
import { errorBody, HTTP_STATUS } from '../http-errors';
import { callerOf } from '../http/http-context';
import type { HttpContext } from '../http/http-context';

/** Asks the handlers in the name of who sent the request. */
export function ask({ handlers, log }: HttpContext, request: FastifyRequest, name: CallName, input: unknown): Promise<Result<unknown>> {
  const caller = callerOf(request);
  const { need } = request.routeOptions.config;
  // The route has judged already; a token that was given this one thing has it without the role.
  const granted = need !== undefined && request.identity !== null && isGranted(need, request.identity);
  return dispatch(handlers, name, input, granted ? { ...caller, role: CALLS[name].access } : caller, (call, error) => log.error('a call failed', { id: request.id, call, error }));
}

/** Sends an error with its HTTP status. */
export function sendError(request: FastifyRequest, reply: FastifyReply, result: Extract<Result<unknown>, { ok: false }>): FastifyReply {
  return reply.code(HTTP_STATUS[result.code]).send(errorBody(result, request.id));
}

/** Calls that somebody outside may make. */
export const REMOTE_CALLS = (Object.keys(CALLS) as CallName[]).filter((name) => CALLS[name].access !== 'local');

/** Who may make a call. */
export function permissionOf(name: CallName, grant?: Scope): RoutePermission {
  const { access, kind } = CALLS[name];
  // A local call has no route; were one made by mistake, an admin is the least that is asked.
  return { access: access === 'viewer' ? 'viewer' : 'admin', scopes: [kind === 'query' || name === 'setViewedFamilies' ? 'read' : 'write'], ...(grant === undefined ? {} : { grant }) };
}
