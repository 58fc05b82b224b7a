/**
 * The description of all routes: OpenAPI 3.1, and Swagger UI. Few ever read it, so a small app of its own is made of it when
 * somebody does, and nothing of its packages is in memory before.
 */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import fastify from 'fastify';
import type { FastifySchema } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { policyText } from '../../lib/content-security-policy';
import type { ContentSecurityPolicy } from '../../lib/content-security-policy';
import { WITHOUT_COMPILERS } from '../http/compilers';
import { errorBody } from '../http-errors';

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

/** A route as it is described. */
export interface DescribedRoute {
  readonly method: string | readonly string[];
  readonly url: string;
  readonly schema: FastifySchema;
}

/** What is read, once it has been made. */
export interface Docs {
  /** The description as JSON. */
  readonly document: string;
  /** Answers a request below `/api/docs`; who may read it was found out before. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

const openapi = (version: string) => ({
  openapi: '3.1.0',
  info: { title: 'Traywatch API', version, description: 'Metrics, history, alerts and settings of this machine, for browsers and scripts on the network.' },
  tags: TAGS,
  components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
  security: [{ token: [] }],
});

/** Swagger UI as a plugin below `/api/docs`. */
const swaggerUi = () => ({
  routePrefix: '/api/docs',
  baseDir: pageFolder(),
  // No logo is shown; without this option the library would look for its own file.
  logo: { type: 'image/svg+xml', content: Buffer.from('') },
  staticCSP: policyText(DOCS_POLICY),
  // BaseLayout has no bar to load other descriptions.
  uiConfig: { layout: 'BaseLayout', docExpansion: 'list', deepLinking: false, tryItOutEnabled: true, validatorUrl: null },
  theme: { title: 'Traywatch API' },
}) as const;

/** Makes it. The routes are described here and answered elsewhere. */
export async function createDocs(routes: readonly DescribedRoute[], version: string): Promise<Docs> {
  const app = fastify({ logger: false, ...WITHOUT_COMPILERS });
  // Nothing is answered by these routes, so nothing of their schemas is compiled.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setNotFoundHandler((request, reply) => reply.code(404).send(errorBody({ ok: false, code: 'NotFound', message: 'not found' }, request.id)));
  await app.register(fastifySwagger, { openapi: openapi(version) });
  await app.register(fastifySwaggerUi, swaggerUi());
  for (const { method, url, schema } of routes) app.route({ method: [method].flat(), url, schema, handler: (_request, reply) => reply.callNotFound() });
  await app.ready();
  return { document: JSON.stringify(app.swagger()), answer: (request, response) => app.routing(request, response), close: () => app.close() };
}
