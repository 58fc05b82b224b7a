/** What the server is given by those who know who may watch: whom to ask, and the routes by which one gets in. */
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../../engine/log';
import type { Authenticator } from '../../access/identity';
import type { AccessControl } from '../../access/access-control';
import { authRoutes } from './auth-routes';

/** The two things. */
export interface AuthPlugin {
  readonly authenticator: Authenticator;
  /** Adds the routes; `@fastify/cookie` comes before. */
  extend(app: FastifyInstance): Promise<void>;
}

/** Makes them; loaded together with the server, and not before. */
export function createAuthPlugin(access: AccessControl, log: Log): AuthPlugin {
  return {
    authenticator: access,
    extend: async (app) => {
      await app.register(authRoutes({ access, host: () => hostname(), onInternal: (error) => log.error('a sign-in failed', { error }) }));
    },
  };
}
