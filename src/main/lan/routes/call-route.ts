/** Calls a handler of the contract for an HTTP request, and sends its errors. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CALLS } from '../../../shared/api/contract';
import type { CallName } from '../../../shared/api/contract';
import { dispatch } from '../../../shared/api/dispatch';
import type { Result } from '../../../shared/result';
import type { Scope } from '../../../shared/sharing/auth-policy';
import { expectedBytes } from '../answer-budget';
import { isGranted } from '../route-permissions';
import type { RoutePermission } from '../route-permissions';
import { errorBody, HTTP_STATUS } from '../http-errors';
import { callerOf } from '../http/http-context';
import type { HttpContext } from '../http/http-context';

const NO_ROOM = { ok: false, code: 'TooMany', message: 'too many large answers are being sent to this browser or token; read them first' } as const;
/** Seconds after which a request that was one too many may be repeated. */
const RETRY_AFTER = '5';

/** Calls a handler in the name of the request's identity. */
export async function callHandler({ handlers, limits, log }: HttpContext, request: FastifyRequest, name: CallName, input: unknown): Promise<Result<unknown>> {
  const caller = callerOf(request);
  if ((await request.answer?.reserve(expectedBytes(name, input, limits.points))) === false) return NO_ROOM;
  const { permission } = request.routeOptions.config;
  // The route has authorized the request; a token with the route's `grant` scope needs no role.
  const granted = permission !== undefined && request.identity !== null && isGranted(permission, request.identity);
  const work = (): Promise<Result<unknown>> => dispatch(handlers, name, input, granted ? { ...caller, role: CALLS[name].access } : caller, (call, error) => log.error('a call failed', { id: request.id, call, error }));
  return request.answer === null ? work() : request.answer.during(work);
}

/** Sends an error with its HTTP status; one that asks to wait says how long. */
export function sendError(request: FastifyRequest, reply: FastifyReply, result: Extract<Result<unknown>, { ok: false }>): FastifyReply {
  if (result.code === 'TooMany' && !reply.hasHeader('retry-after')) void reply.header('retry-after', RETRY_AFTER);
  return reply.code(HTTP_STATUS[result.code]).send(errorBody(result, request.id));
}

/** The calls that are available over HTTP. */
export const REMOTE_CALLS = (Object.keys(CALLS) as CallName[]).filter((name) => CALLS[name].access !== 'local');

/** The permission of a call's route. */
export function permissionOf(name: CallName, grant?: Scope): RoutePermission {
  const { access, kind } = CALLS[name];
  // A local call has no route; were one registered by mistake, it would need an admin.
  return { access: access === 'viewer' ? 'viewer' : 'admin', scopes: [kind === 'query' || name === 'setViewedFamilies' ? 'read' : 'write'], ...(grant === undefined ? {} : { grant }) };
}
