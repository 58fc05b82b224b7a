/** The static files of the page, the same as in the app's window. Public: they hold no secrets, and pairing starts here. */
import fastifyStatic from '@fastify/static';
import { sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../http/http-context';

/** Names of built files contain a hash of their content. */
const HASHED = /-[\w-]{8}\.\w+(\.(br|gz))?$/;

/** Files with a hash in their name are cached for good; the page itself is requested each time. */
function cacheControl(path: string): string {
  if (path.includes(`${sep}assets${sep}`) && HASHED.test(path)) return 'public, max-age=31536000, immutable';
  return /\.html(\.(br|gz))?$/.test(path) ? 'no-store' : 'public, max-age=3600';
}

/** Registers the files; those compressed at build time are sent as they are. */
export async function pageRoutes(app: FastifyInstance, { pages }: HttpContext): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, permission: { access: 'public', scopes: [] }, quietLog: true, page: true };
    });
    await scope.register(fastifyStatic, {
      root: pages,
      preCompressed: true,
      dotfiles: 'ignore',
      cacheControl: false,
      etag: true,
      setHeaders: (reply, path) => {
        void reply.header('cache-control', cacheControl(path));
      },
    });
  });
}
