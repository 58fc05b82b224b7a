/** The HTTP app: plugins, protection, routes. It listens to nothing by itself. */
import fastifyCookie from '@fastify/cookie';
import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { errorBody, fromHttpError } from '../http-errors';
import { createRequestLog } from '../request-log';
import { docsRoutes } from '../routes/docs-routes';
import { callRoutes } from '../routes/call-routes';
import { metricsRoutes } from '../routes/prometheus-route';
import { pageRoutes } from '../routes/page-routes';
import { restRoutes } from '../routes/rest-routes';
import { streamRoutes } from '../routes/stream-route';
import { protect } from './security-hooks';
import type { HttpContext } from './http-context';

/** Adds routes of its own: pairing, accounts, tokens. They come behind the protection and state their need. */
export type Extend = (app: FastifyInstance) => void | Promise<void>;

/** What the library says of a bad request never gets out, and neither does anything of an error of ours. */
function answerErrors(app: FastifyInstance, { log }: HttpContext): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, code, message } = fromHttpError(error.statusCode ?? 500);
    if (status === 500) log.error('a request failed', { id: request.id, error });
    return reply.code(status).send(errorBody({ ok: false, code, message }, request.id));
  });
  app.setNotFoundHandler((request, reply) => reply.code(404).send(errorBody({ ok: false, code: 'NotFound', message: 'there is nothing here' }, request.id)));
}

function logRequests(app: FastifyInstance, { log, clock }: HttpContext): void {
  const write = createRequestLog(log, clock);
  app.addHook('onResponse', async (request, reply) => {
    write({
      id: request.id,
      method: request.method,
      url: request.url,
      status: reply.raw.statusCode,
      ms: reply.elapsedTime,
      address: request.ip,
      who: request.identity?.id ?? null,
      quietLog: request.routeOptions.config?.quietLog === true,
    });
  });
}

/** JSON is all that is taken; checking it against the contract is the contract's own work. */
function onlyJson(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}

/** Builds the app; `extend` adds what belongs to letting people in. */
export async function createApp(httpContext: HttpContext, extend?: Extend): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: httpContext.limits.body,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    trustProxy: false,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      const { status, code, message } = fromHttpError(error.statusCode ?? 400);
      void (reply as FastifyReply).code(status).send(errorBody({ ok: false, code, message }, request.id));
    },
  });
  onlyJson(app);
  answerErrors(app, httpContext);
  logRequests(app, httpContext);
  await app.register(fastifyCookie);
  await protect(app, httpContext);
  await docsRoutes(app, httpContext);
  callRoutes(app, httpContext);
  restRoutes(app, httpContext);
  metricsRoutes(app, httpContext);
  streamRoutes(app, httpContext);
  if (extend !== undefined) await extend(app);
  await pageRoutes(app, httpContext);
  await app.ready();
  return app;
}
