/** Sign-in routes: pairing, login, refresh, logout, password change, and who is signed in. Origin and size limits are checked before. */
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { REFUSALS } from '../../../shared/api/refusals';
import { callsOf } from '../../../shared/api/capabilities';
import { toPlainName } from '../../../shared/sharing/auth-policy';
import { loginSchema, pairSchema, passwordChangeSchema } from '../../../shared/sharing/sign-in-schemas';
import type { Me, Pending, RequestStateResponse } from '../../../shared/sharing/sign-in-schemas';
import { CallError } from '../../../shared/result';
import type { Result } from '../../../shared/result';
import type { ClientIdentity } from '../../access/identity';
import type { AccessControl, SignInResult } from '../../access/access-control';
import { accessCookie, AUTH_PATH, refreshCookie, ticketCookie } from '../../access/cookies';
import type { CookieRules } from '../../access/cookies';
import { IDLE_LIMIT } from '../../access/expiry';
import { DECISION_LIFETIME, REQUEST_LIFETIME } from '../../access/pairing-requests';
import { addressOf, isSecureRequest } from '../http/http-context';
import { ok, parseInput, parsePoll, refuse, tooManyAttempts } from './auth-answers';

/** What the routes are built from. */
export interface AuthRoutesParts {
  readonly access: AccessControl;
  /** The machine's name, sent to browsers that redeemed a code. */
  host(): string;
  /** Gets unexpected errors, for the log. */
  onInternal(error: unknown): void;
}

const SECOND = 1000;
const TICKET_SECONDS = (REQUEST_LIFETIME + DECISION_LIFETIME) / SECOND;
const REFRESH_SECONDS = IDLE_LIMIT / SECOND;

const nothingSchema = z.strictObject({}).nullish();

/** The path as the browser sees it: below that of the public URL. `/` stays, as `__Host-` needs it. */
function optionsFor({ request }: FastifyReply, { options }: CookieRules): CookieSerializeOptions {
  return { ...options, path: options.path === '/' ? '/' : `${request.publicUrl?.path ?? ''}${options.path}` };
}

function setCookie(reply: FastifyReply, rules: CookieRules, value: string): void {
  void reply.setCookie(rules.name, value, optionsFor(reply, rules));
}

function clearCookie(reply: FastifyReply, rules: CookieRules): void {
  void reply.clearCookie(rules.name, optionsFor(reply, rules));
}

/** Routes by which browsers sign in. */
const PUBLIC = { config: { permission: { access: 'public', scopes: [] } } } as const;

/** For browser sessions only: an empty list of scopes admits no API token. */
const AUTHENTICATED = { config: { permission: { access: 'viewer', scopes: [] } } } as const;

/** The route handlers; each delegates to access control. */
class AuthController {
  constructor(private readonly parts: AuthRoutesParts) {}

  pair(request: FastifyRequest, reply: FastifyReply): Result<Pending> {
    const { access, host } = this.parts;
    const { name, ...proof } = parseInput(pairSchema, request.body);
    const result = access.pairing.redeem(proof, name, addressOf(request));
    if (result.kind === 'wait') return tooManyAttempts(reply, result.ms);
    if (result.kind === 'wrong') throw new CallError('Forbidden', 'wrong or expired code');
    const { id, ticket } = result.ticket;
    setCookie(reply, ticketCookie(this.#isSecure(request), TICKET_SECONDS), ticket);
    void reply.code(202);
    return ok({ id, host: host(), expiresIn: REQUEST_LIFETIME });
  }

  async pending(request: FastifyRequest, reply: FastifyReply): Promise<Result<RequestStateResponse>> {
    const { access } = this.parts;
    const { id, wait } = parsePoll(request);
    const ticketName = ticketCookie(this.#isSecure(request), 0);
    const ticket = request.cookies[ticketName.name] ?? '';
    const state = await access.pairing.requests.wait(id, ticket, wait);
    if (state === null) throw new CallError('NotFound', 'request not found');
    if (state === 'approved') this.#sendSignIn(reply, access.claim(id, ticket, addressOf(request)) ?? { kind: 'wrong' });
    return ok({ state });
  }

  async login(request: FastifyRequest, reply: FastifyReply): Promise<Result<Me>> {
    const { name, password, device } = parseInput(loginSchema, request.body);
    return ok(this.#sendSignIn(reply, await this.parts.access.login(name, password, toPlainName(device), addressOf(request))));
  }

  refresh(request: FastifyRequest, reply: FastifyReply): Result<Me> {
    parseInput(nothingSchema, request.body);
    const { access } = this.parts;
    const token = request.cookies[refreshCookie(this.#isSecure(request), 0).name];
    const result: SignInResult = token === undefined ? { kind: 'wrong' } : access.refresh(token, addressOf(request));
    if (result.kind === 'wrong') this.#clearCookies(reply);
    return ok(this.#sendSignIn(reply, result));
  }

  logout(request: FastifyRequest, reply: FastifyReply): Result<null> {
    parseInput(nothingSchema, request.body);
    const { access } = this.parts;
    const secure = this.#isSecure(request);
    access.logout(request.cookies[accessCookie(secure).name], request.cookies[refreshCookie(secure, 0).name]);
    this.#clearCookies(reply);
    return ok(null);
  }

  async password(request: FastifyRequest, reply: FastifyReply): Promise<Result<Me>> {
    const identity = await this.#identify(request);
    if (identity === null) throw new CallError('Unauthorized', REFUSALS.viewer);
    if (identity.scopes !== null) throw new CallError('Forbidden', 'an API token has no password');
    const change = parseInput(passwordChangeSchema, request.body);
    const result = await this.parts.access.changePassword(identity.id, { ...change, address: addressOf(request) });
    // Not the status of a failed sign-in: this session stays valid.
    if (result.kind === 'wrong') throw new CallError('Forbidden', 'current: incorrect password');
    return ok(this.#sendSignIn(reply, result));
  }

  async me(request: FastifyRequest): Promise<Result<Me>> {
    const identity = await this.#identify(request);
    // A machine that reports here may do that alone.
    return ok(this.#me(identity?.machine === undefined ? identity : null));
  }

  #isSecure(request: FastifyRequest): boolean {
    return isSecureRequest(request) ?? this.parts.access.isSecure();
  }

  #identify(request: FastifyRequest): Promise<ClientIdentity | null> {
    const { cookies, headers } = request;
    return this.parts.access.authenticate({ cookies, authorization: headers.authorization, address: addressOf(request), secure: isSecureRequest(request) });
  }

  /** Sets the cookies after a successful sign-in; throws the error of any other result. */
  #sendSignIn(reply: FastifyReply, result: SignInResult): Me {
    if (result.kind === 'wait') return tooManyAttempts(reply, result.ms);
    if (result.kind === 'wrong') throw new CallError('Unauthorized', 'sign-in failed');
    const secure = this.#isSecure(reply.request);
    setCookie(reply, accessCookie(secure), result.tokens.access);
    setCookie(reply, refreshCookie(secure, REFRESH_SECONDS), result.tokens.refresh);
    clearCookie(reply, ticketCookie(secure, 0));
    return this.#me(result.identity);
  }

  #clearCookies(reply: FastifyReply): void {
    const secure = this.#isSecure(reply.request);
    clearCookie(reply, accessCookie(secure));
    clearCookie(reply, refreshCookie(secure, 0));
  }

  #me(identity: ClientIdentity | null): Me {
    const { access } = this.parts;
    const passwords = access.summary().accounts.length > 0;
    if (identity === null) return { identity, passwords };
    const { id, name, role, scopes } = identity;
    // An API token's rights are its scopes; the calls are for the page.
    return { identity: { id, name, role, account: access.devices.find(id)?.account ?? null, capabilities: scopes === null ? callsOf(role) : [] }, passwords };
  }
}

/** The plugin. `@fastify/cookie` must be registered before it, without a secret: nothing here is signed. */
export function authRoutes(parts: AuthRoutesParts): FastifyPluginAsync {
  const controller = new AuthController(parts);
  return async (scope) => {
    // Forms and plain text can be sent from any page without a preflight request; JSON cannot.
    scope.removeContentTypeParser('text/plain');
    scope.setErrorHandler((error, _request, reply) => refuse(error, parts.onInternal, reply));
    scope.addHook('onRequest', async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      if (request.method !== 'POST' || /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return undefined;
      return reply.code(415).send({ ok: false, code: 'BadInput', message: 'content-type must be application/json' });
    });
    scope.post(`${AUTH_PATH}/pair`, PUBLIC, (request, reply) => controller.pair(request, reply));
    scope.get(`${AUTH_PATH}/pair/:id`, PUBLIC, (request, reply) => controller.pending(request, reply));
    scope.post(`${AUTH_PATH}/login`, PUBLIC, (request, reply) => controller.login(request, reply));
    scope.post(`${AUTH_PATH}/refresh`, PUBLIC, (request, reply) => controller.refresh(request, reply));
    scope.post(`${AUTH_PATH}/logout`, PUBLIC, (request, reply) => controller.logout(request, reply));
    scope.post(`${AUTH_PATH}/password`, AUTHENTICATED, (request, reply) => controller.password(request, reply));
    scope.get(`${AUTH_PATH}/me`, PUBLIC, (request) => controller.me(request));
  };
}
