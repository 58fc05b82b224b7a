/** The renderer's own files, the same the window shows. Open to anybody: there are no secrets in them, and pairing starts here. */
import fastifyStatic from '@fastify/static';
import { sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../http/http-context';

/** Names of built files carry a hash of what is in them. */
const HASHED = /-[\w-]{8}\.\w+(\.(br|gz))?$/;

/** Files whose content never changes under their name are kept by the browser; the page itself is asked for each time. */
function cacheControl(path: string): string {
  if (path.includes(`${sep}assets${sep}`) && HASHED.test(path)) return 'public, max-age=31536000, immutable';
  return /\.html(\.(br|gz))?$/.test(path) ? 'no-store' : 'public, max-age=3600';
}

/** Registers the pages; files compressed when the app was built go out as they are. */
export async function pageRoutes(app: FastifyInstance, { pages }: HttpContext): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, need: { access: 'public', scopes: [] }, quietLog: true, page: true };
    });
    await scope.register(fastifyStatic, {
      root: pages,
      preCompressed: true,
      schemaHide: true,
      dotfiles: 'ignore',
      cacheControl: false,
      etag: true,
      setHeaders: (reply, path) => {
        void reply.header('cache-control', cacheControl(path));
      },
    });
  });
}
