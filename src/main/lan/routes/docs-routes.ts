/** Where the description of all routes is read: OpenAPI 3.1 at `/api/openapi.json`, and Swagger UI at `/api/docs`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpContext } from '../http/http-context';
import type { DescribedRoute, Docs } from './docs';

/** Follows the routes that are registered from now on; those that describe themselves, once each. */
function followRoutes(app: FastifyInstance): () => readonly DescribedRoute[] {
  const found: (() => DescribedRoute)[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const describe = config?.describe;
    // A route for HEAD is added for each GET, by the library.
    if (describe !== undefined && method !== 'HEAD') found.push(() => ({ method, url, schema: describe() }));
  });
  return () => found.map((route) => route());
}

/** Registers the addresses; what is read there covers routes that are registered later. */
export function docsRoutes(app: FastifyInstance, { version }: HttpContext): void {
  const routes = followRoutes(app);
  let loading: Promise<Docs> | null = null;
  const docs = (): Promise<Docs> => (loading ??= import('./docs').then(({ createDocs }) => createDocs(routes(), version)));
  app.addHook('onClose', async () => (await loading)?.close());
  const document = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => reply.type('application/json; charset=utf-8').send((await docs()).document);
  app.get('/api/openapi.json', document);
  // Sent from here, where it counts as an answer in memory; of the rest Swagger UI reads files.
  app.get('/api/docs/json', document);
  app.get('/api/docs/yaml', (_request, reply) => {
    reply.callNotFound();
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { answer: pass } = await docs();
    reply.hijack();
    // What protects every answer protects these, too.
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    pass(request.raw, reply.raw);
    return reply;
  };
  app.get('/api/docs', answer);
  app.get('/api/docs/*', answer);
}
