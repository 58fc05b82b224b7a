/** What the routes work with. */
import type { FastifyRequest } from 'fastify';
import type { Caller, Handlers } from '../../../shared/api/dispatch';
import type { LanSettings } from '../../../shared/sharing/lan-settings';
import type { Snapshot } from '../../../shared/metrics/reading';
import type { Clock } from '../../engine/clock';
import type { Log } from '../../engine/log';
import type { RoutePermission } from '../route-permissions';
import type { Authenticator, ClientIdentity } from '../../access/identity';
import type { ServerEndpoint } from '../request-origin-check';
import type { Leases } from '../leases';
import type { ServerLimits } from '../server-limits';
import type { StreamServer } from '../stream/stream';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; DEFAULT_PERMISSION where absent. */
    readonly need?: RoutePermission;
    /** Programs of this machine need no token where the settings say so. */
    readonly allowLoopback?: boolean;
    /** Told only to a log that wants everything. */
    readonly quietLog?: boolean;
    /** What a browser shows, without secrets. */
    readonly page?: boolean;
  }
  interface FastifyRequest {
    /** Who sends it; null on routes open to anybody. */
    identity: ClientIdentity | null;
  }
}

/** The app behind the server. */
export interface HttpContext {
  /** As somebody outside reaches them. */
  readonly handlers: Handlers;
  readonly authenticator: Authenticator;
  readonly stream: StreamServer;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: ServerLimits;
  readonly version: string;
  /** Folder of the built renderer. */
  readonly pages: string;
  readonly tls: LanSettings['tls'];
  settings(): LanSettings;
  snapshot(): Snapshot;
  /** Names the server goes by, lower case. */
  names(): ServerEndpoint['names'];
}

/** Header (or query of the stream) by which a browser tab tells itself from others of the same device. */
const CLIENT_HEADER = 'x-traywatch-client';

/** Name of the handlers' caller for somebody's tab. */
export function callerId(identity: ClientIdentity, client: unknown): string {
  return `lan:${identity.id}:${typeof client === 'string' && /^[\w-]{1,40}$/.test(client) ? client : 'api'}`;
}

/** Who calls, for the handlers; the routes that need somebody have made sure that there is one. */
export function callerOf(request: FastifyRequest): Caller {
  const { identity } = request;
  if (identity === null) throw new Error('this route is open to anybody and has no caller');
  return { id: callerId(identity, request.headers[CLIENT_HEADER]), role: identity.role };
}
