/** Hooks that every request passes before its route: origin check, rate limits, authentication and authorization. */
import fastifyHelmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REFUSALS } from '../../../shared/api/refusals';
import type { ErrorCode } from '../../../shared/result';
import { PAGE_POLICY } from '../../lib/content-security-policy';
import { DEFAULT_PERMISSION, authorize } from '../route-permissions';
import { networkOf } from '../../access/addresses';
import { holderOf } from '../../access/identity';
import { createRateLimiter } from '../../access/rate-limiter';
import type { RateLimiter } from '../../access/rate-limiter';
import { errorBody } from '../http-errors';
import { isFromThisMachine } from '../local-request';
import type { LocalRequestFacts } from '../local-request';
import { headProblem } from '../request-head';
import { checkRequest, publicUrlOf } from '../request-origin-check';
import type { Refusal, RequestFacts, ServerEndpoint } from '../request-origin-check';
import { clientOf } from '../reverse-proxy';
import type { RequestClient } from '../reverse-proxy';
import { addressOf, isSecureRequest } from './http-context';
import type { HttpContext } from './http-context';

/** HSTS lifetime, seconds; sent with a custom certificate only: a new self-signed one could lock browsers out. */
const HSTS_AGE = 30 * 86_400;

/** Sends an error response. */
export function refuse(request: FastifyRequest, reply: FastifyReply, status: number, code: ErrorCode, message: string): FastifyReply {
  return reply.code(status).send(errorBody({ ok: false, code, message }, request.id));
}

const first = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);
const joined = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header.join(',') : header);

/** Whether a person reads the response, rather than a script. */
function acceptsPage({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

/** A refusal as a page. It holds nothing of the request. */
function refusalPage(message: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Traywatch</title><h1>Traywatch</h1><p>${message}</p></html>`;
}

function endpointOf({ socket }: FastifyRequest, client: RequestClient, { names, proxies }: HttpContext): ServerEndpoint {
  const scheme = 'encrypted' in socket ? 'https' : 'http';
  return { scheme, port: socket.localPort ?? 0, names: names(), address: socket.localAddress ?? '', publicUrls: proxies.publicUrls, client };
}

function factsOf({ headers, method, raw, routeOptions }: FastifyRequest): RequestFacts {
  return {
    method,
    target: raw.url ?? '',
    host: headers.host,
    origin: first(headers.origin),
    fetchSite: first(headers['sec-fetch-site']),
    fetchMode: first(headers['sec-fetch-mode']),
    contentType: headers['content-type'],
    hasCookie: headers.cookie !== undefined,
    kind: routeOptions.config.page === true ? 'page' : routeOptions.config.isSecretAddress === true ? 'secret' : 'data',
  };
}

/** Finds out whom a request comes from and at which URL, then checks Host, Origin and Fetch Metadata before anything else. */
function checkOrigins(app: FastifyInstance, httpContext: HttpContext): void {
  app.decorateRequest('client', undefined);
  app.decorateRequest('publicUrl', null);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    const { headers, socket } = request;
    const forwarding = { peer: socket.remoteAddress ?? '', forwardedFor: joined(headers['x-forwarded-for']), forwardedProto: joined(headers['x-forwarded-proto']) };
    request.client = clientOf(forwarding, httpContext.proxies);
    const endpoint = endpointOf(request, request.client, httpContext);
    request.publicUrl = publicUrlOf(headers.host ?? '', endpoint);
    const problem = headProblem(request.raw.rawHeaders);
    const refusal: Refusal | null = problem === null ? checkRequest(factsOf(request), endpoint) : { status: 400, message: problem };
    if (refusal === null) return undefined;
    if (refusal.status === 421 && acceptsPage(request)) return reply.code(421).type('text/html; charset=utf-8').send(refusalPage(refusal.message));
    return refuse(request, reply, refusal.status, refusal.status === 403 ? 'Forbidden' : 'BadInput', refusal.message);
  });
}

function refuseFast(request: FastifyRequest, reply: FastifyReply, ms: number): FastifyReply {
  return refuse(request, reply.header('retry-after', Math.ceil(ms / 1000)), 429, 'TooMany', 'rate limit exceeded');
}

/** So many a minute for each key, by the boot clock: the wall clock may be set back, and would then refuse for as long. */
function perMinute(clock: HttpContext['clock'], count: number): RateLimiter {
  return createRateLimiter({ clock, perKey: { burst: count, every: 60_000 / count }, overall: { burst: 1, every: 0 }, maxKeys: 5000 });
}

/** Limits requests a minute, per network and overall. A few of each network pass although others have used up what is for all. */
function limitNetworks(app: FastifyInstance, { limits, clock }: HttpContext): void {
  const perNetwork = perMinute(clock, limits.requestsPerAddress);
  const few = perMinute(clock, limits.fairRequests);
  const overall = perMinute(clock, limits.requests);
  app.addHook('onRequest', async (request, reply) => {
    const network = networkOf(addressOf(request));
    const own = perNetwork.take(network);
    if (own > 0) return refuseFast(request, reply, own);
    const isFew = few.take(network) === 0;
    const all = overall.take('all');
    return all === 0 || isFew ? undefined : refuseFast(request, reply, all);
  });
}

/** Limits the requests a minute of one identity, from however many networks. Runs after authentication. */
function limitIdentities(app: FastifyInstance, { limits, clock }: HttpContext): void {
  const perIdentity = perMinute(clock, limits.requestsPerIdentity);
  app.addHook('onRequest', async (request, reply) => {
    const own = request.identity === null ? 0 : perIdentity.take(holderOf(request.identity));
    return own === 0 ? undefined : refuseFast(request, reply, own);
  });
}

function localFactsOf({ raw, socket, headers }: FastifyRequest): LocalRequestFacts {
  return { peer: socket.remoteAddress ?? '', local: socket.localAddress ?? '', httpVersion: raw.httpVersion, host: headers.host, headers: raw.rawHeaders };
}

/** Authenticates and authorizes. Routes that state no permission are for authenticated identities. */
function authorizeRequests(app: FastifyInstance, { authenticator, settings }: HttpContext): void {
  app.decorateRequest('identity', null);
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return undefined;
    const { permission = DEFAULT_PERMISSION, allowLoopback = false } = request.routeOptions.config;
    if (permission.access === 'public') return undefined;
    if (allowLoopback && settings().allowLoopbackMetrics && (request.publicUrl ?? null) === null && isFromThisMachine(localFactsOf(request))) return undefined;
    const address = addressOf(request);
    const secure = isSecureRequest(request);
    request.identity = await authenticator.authenticate({ cookies: request.cookies, authorization: request.headers.authorization, address, secure });
    const decision = authorize(permission, request.identity);
    if (decision === 'allowed') return undefined;
    if (decision === 'forbidden') return refuse(request, reply, 403, 'Forbidden', 'insufficient permissions');
    void reply.header('www-authenticate', 'Bearer realm="Traywatch"');
    return refuse(request, reply, 401, 'Unauthorized', REFUSALS.viewer);
  });
}

/** Registers the hooks; routes are registered after them. */
export async function addSecurityHooks(app: FastifyInstance, httpContext: HttpContext): Promise<void> {
  const encrypted = httpContext.tls !== 'off';
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...Object.fromEntries(Object.entries(PAGE_POLICY).map(([name, sources]) => [name, [...sources]])), 'manifest-src': ["'self'"], 'worker-src': ["'self'"] },
    },
    strictTransportSecurity: httpContext.tls === 'custom' ? { maxAge: HSTS_AGE, includeSubDomains: false } : false,
    // Browsers ignore these over plain HTTP, and log a warning.
    crossOriginOpenerPolicy: encrypted ? { policy: 'same-origin' } : false,
    originAgentCluster: encrypted,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  checkOrigins(app, httpContext);
  limitNetworks(app, httpContext);
  authorizeRequests(app, httpContext);
  limitIdentities(app, httpContext);
}
