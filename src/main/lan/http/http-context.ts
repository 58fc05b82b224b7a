/** What the routes use: dependencies, route options and the caller of a request. */
import type { FastifyRequest } from 'fastify';
import type { OpenIncident } from '../../../shared/alerts/severity';
import type { Caller, Handlers } from '../../../shared/api/dispatch';
import type { LanSettings } from '../../../shared/sharing/lan-settings';
import type { Snapshot } from '../../../shared/metrics/reading';
import type { Clock } from '../../engine/clock';
import type { Log } from '../../engine/log';
import type { Answer, AnswerBudget } from '../answer-budget';
import type { PublicUrl } from '../../../shared/sharing/public-url';
import { plainAddress } from '../../access/addresses';
import type { RoutePermission } from '../route-permissions';
import type { Report, ReportAnswer } from '../../../shared/machines/report-schemas';
import type { Authenticator, ClientIdentity } from '../../access/identity';
import type { ExposedMachine } from '../openmetrics';
import type { ServerEndpoint } from '../request-origin-check';
import type { ProxyRules, RequestClient } from '../reverse-proxy';
import type { ViewedFamilyLeases } from '../leases';
import type { ServerLimits } from '../server-limits';
import type { StreamServer } from '../stream/stream';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; DEFAULT_PERMISSION where absent. */
    readonly permission?: RoutePermission;
    /** Programs on this machine need no token where the settings allow it. */
    readonly allowLoopback?: boolean;
    /** Logged at level debug. */
    readonly quietLog?: boolean;
    /** A static file without secrets, which a link on another site may open. */
    readonly page?: boolean;
    /** Its description for /api/docs, in place of a schema: made when somebody reads it. */
    readonly describe?: () => FastifySchema;
    /** The address holds a secret, which is the right to use it: it is not logged, and a body of any type is taken. */
    readonly isSecretAddress?: boolean;
  }
  interface FastifyRequest {
    /** The authenticated identity; null on public routes. */
    identity: ClientIdentity | null;
    /** The answer's share of the budget; null before it is admitted. */
    answer: Answer | null;
    /** Whom the request comes from; absent until the first hook has run. */
    client: RequestClient | undefined;
    /** The public URL it was sent to; null or absent for a name or address of the machine itself. */
    publicUrl?: PublicUrl | null;
  }
}

/** Dependencies of the routes. */
export interface HttpContext {
  /** The handlers for remote callers (remote-handlers.ts). */
  readonly handlers: Handlers;
  readonly authenticator: Authenticator;
  readonly stream: StreamServer;
  readonly leases: ViewedFamilyLeases;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: ServerLimits;
  readonly budget: AnswerBudget;
  readonly version: string;
  /** Folder of the built page. */
  readonly pages: string;
  readonly tls: LanSettings['tls'];
  readonly proxies: ProxyRules;
  settings(): LanSettings;
  snapshot(): Snapshot;
  openIncidents(): readonly OpenIncident[];
  /** The machines that report here, for scrapes; absent where there are none. */
  readonly machines?: (() => readonly ExposedMachine[]) | undefined;
  /** A job calls in with its token; `text` is the body it sent, or null. Resolves to false for a token that is nobody's. */
  heartbeat(token: string, text: string | null): Promise<boolean>;
  /** A machine reports, over a connection from `address`. Throws a CallError where the report is refused. */
  report(machine: string, report: Report, address: string): Promise<ReportAnswer>;
  /** Names of the server, lower case. */
  names(): ServerEndpoint['names'];
}

/** The client's address in canonical form: behind a named proxy the one that the proxy states. */
export function addressOf({ client, ip }: FastifyRequest): string {
  return client?.address ?? plainAddress(ip);
}

/** Whether the browser's own connection is encrypted, where the public URL tells; undefined where it is the server's connection. */
export function isSecureRequest({ publicUrl }: FastifyRequest): boolean | undefined {
  return publicUrl === null || publicUrl === undefined ? undefined : publicUrl.scheme === 'https';
}

/** Header (or query parameter of the stream) that distinguishes the tabs of one browser. */
const CLIENT_HEADER = 'x-traywatch-client';

/** The caller id of one tab of an identity. */
export function callerId(identity: ClientIdentity, client: unknown): string {
  return `lan:${identity.id}:${typeof client === 'string' && /^[\w-]{1,40}$/.test(client) ? client : 'api'}`;
}

/** Query parameter that names the machine a request is about. */
export const MACHINE_PARAMETER = 'machine';

/** The machine that a request is about; null for this one. A parameter that is sent twice names no machine. */
export function machineOf({ query }: FastifyRequest): string | null {
  const machine = typeof query === 'object' && query !== null ? (query as Readonly<Record<string, unknown>>)[MACHINE_PARAMETER] : undefined;
  if (machine === undefined) return null;
  return typeof machine === 'string' ? machine : '';
}

/** The caller of a request; must not be used on public routes. */
export function callerOf(request: FastifyRequest): Caller {
  const { identity } = request;
  if (identity === null) throw new Error('a public route has no caller');
  const machine = machineOf(request);
  return { id: callerId(identity, request.headers[CLIENT_HEADER]), role: identity.role, name: identity.name, ...(machine === null ? {} : { machine }) };
}
