/**
 * Where other machines ask to report here: `/api/report/join` takes a pairing code under the limits of browsers, and
 * `/api/report/join/<id>` answers when a user has decided, with the token once.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { reportJoinSchema } from '../../../shared/machines/report-schemas';
import type { joinPendingSchema, joinStateSchema } from '../../../shared/machines/report-schemas';
import { toPlainName } from '../../../shared/sharing/auth-policy';
import { CallError } from '../../../shared/result';
import type { Result } from '../../../shared/result';
import type { AccessControl } from '../../access/access-control';
import { REQUEST_LIFETIME } from '../../access/pairing-requests';
import { ok, parseInput, parsePoll, refuse, tooManyAttempts } from '../auth/auth-answers';
import { addressOf } from '../http/http-context';

/** What the routes are built from. */
export interface JoinRoutesParts {
  readonly access: Pick<AccessControl, 'pairing' | 'machines'>;
  /** True while a machine reports under this id. */
  isLive(machine: string): boolean;
  /** The machine's name, sent to machines that redeemed a code. */
  host(): string;
  /** Gets unexpected errors, for the log. */
  onInternal(error: unknown): void;
}

/** The header with the secret that proves a request. It is no part of the address, which is logged. */
const TICKET_HEADER = 'x-traywatch-ticket';

const PUBLIC = { config: { permission: { access: 'public', scopes: [] } } } as const;

function join({ access, host, isLive }: JoinRoutesParts, request: FastifyRequest, reply: FastifyReply): Result<z.infer<typeof joinPendingSchema>> {
  const { code, machine, name, version } = parseInput(reportJoinSchema, request.body);
  if (isLive(machine)) throw new CallError('Conflict', 'another machine reports here under this id: its data folder was copied');
  const result = access.pairing.redeemFor({ id: machine, version: toPlainName(version) }, code, name, addressOf(request));
  if (result.kind === 'wait') return tooManyAttempts(reply, result.ms);
  if (result.kind === 'wrong') throw new CallError('Forbidden', 'wrong or expired code');
  const { id, ticket } = result.ticket;
  void reply.code(202);
  return ok({ id, ticket, hub: host(), expiresIn: REQUEST_LIFETIME });
}

async function joinState({ access }: JoinRoutesParts, request: FastifyRequest): Promise<Result<z.infer<typeof joinStateSchema>>> {
  const { id, wait } = parsePoll(request);
  const sent = request.headers[TICKET_HEADER];
  const ticket = typeof sent === 'string' ? sent : '';
  await access.pairing.machineRequests.wait(id, ticket, wait);
  const state = access.machines.claim(id, ticket);
  if (state === null) throw new CallError('NotFound', 'request not found');
  return ok(state);
}

/** The plugin. */
export function joinRoutes(parts: JoinRoutesParts): FastifyPluginAsync {
  return async (scope) => {
    scope.setErrorHandler((error, _request, reply) => refuse(error, parts.onInternal, reply));
    scope.post('/api/report/join', PUBLIC, (request, reply) => join(parts, request, reply));
    scope.get('/api/report/join/:id', PUBLIC, (request) => joinState(parts, request));
  };
}
