/** The description of all routes: OpenAPI 3.1 at `/api/openapi.json`, and Swagger UI at `/api/docs`. */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { policyText } from '../../lib/content-security-policy';
import type { ContentSecurityPolicy } from '../../lib/content-security-policy';
import type { HttpContext } from '../http/http-context';

/** Content security policy of Swagger UI: its scripts and styles are files, its icons are data URLs. */
const DOCS_POLICY: ContentSecurityPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Folder of Swagger UI's files: the library, which is bundled, cannot find them by itself. */
function pageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')), 'static');
}

const TAGS = [
  { name: 'Machine', description: 'The machine as a whole' },
  { name: 'Metrics', description: 'Latest readings, history, live push' },
  { name: 'Timeline', description: 'Events, incidents and alert rules' },
  { name: 'Traywatch', description: 'The app itself' },
  { name: 'RPC', description: 'Used by Traywatch’s own UI' },
];

/** Registers the description; it covers routes that are registered later. */
export async function docsRoutes(app: FastifyInstance, { version }: HttpContext): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Traywatch API', version, description: 'Metrics, history, alerts and settings of this machine, for browsers and scripts on the network.' },
      tags: TAGS,
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  });
  app.get('/api/openapi.json', { schema: { hide: true }, handler: async (_request, reply) => reply.send(app.swagger()) });
  await app.register(fastifySwaggerUi, {
    routePrefix: '/api/docs',
    baseDir: pageFolder(),
    // No logo is shown; without this option the library would look for its own file.
    logo: { type: 'image/svg+xml', content: Buffer.from('') },
    staticCSP: policyText(DOCS_POLICY),
    // BaseLayout has no bar to load other descriptions.
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', deepLinking: false, tryItOutEnabled: true, validatorUrl: null },
    theme: { title: 'Traywatch API' },
  });
}
