/** What the server gets from access control: the authenticator, and the routes by which browsers sign in and machines join. */
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../../engine/log';
import type { Authenticator } from '../../access/identity';
import type { AccessControl } from '../../access/access-control';
import { joinRoutes } from '../routes/join-routes';
import { authRoutes } from './auth-routes';

/** Authenticator and routes. */
export interface AuthPlugin {
  readonly authenticator: Authenticator;
  /** Adds the routes; `@fastify/cookie` must be registered before. */
  extend(app: FastifyInstance): Promise<void>;
}

/** Creates both. `isLive`: whether a machine reports under an id. */
export function createAuthPlugin(access: AccessControl, log: Log, isLive: (machine: string) => boolean = () => false): AuthPlugin {
  return {
    authenticator: access,
    extend: async (app) => {
      await app.register(authRoutes({ access, host: () => hostname(), onInternal: (error) => log.error('a sign-in failed', { error }) }));
      await app.register(joinRoutes({ access, isLive, host: () => hostname(), onInternal: (error) => log.error('a machine could not join', { error }) }));
    },
  };
}
