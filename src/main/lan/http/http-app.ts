/** The HTTP app: plugins, security hooks and routes. It does not listen by itself. */
import fastifyCookie from '@fastify/cookie';
import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { errorBody, fromHttpError } from '../http-errors';
import { createRequestLog } from '../request-log';
import { docsRoutes } from '../routes/docs-routes';
import { callRoutes } from '../routes/call-routes';
import { heartbeatRoutes } from '../routes/heartbeat-route';
import { prometheusRoutes } from '../routes/prometheus-route';
import { pageRoutes } from '../routes/page-routes';
import { reportRoutes } from '../routes/report-route';
import { restRoutes } from '../routes/rest-routes';
import { streamRoutes } from '../routes/stream-route';
import { WITHOUT_COMPILERS } from './compilers';
import { limitAnswers } from './answer-limits';
import { addSecurityHooks } from './security-hooks';
import { addressOf } from './http-context';
import type { HttpContext } from './http-context';

/** Adds routes of its own (sign-in). They are registered behind the security hooks and state their permission. */
export type Extend = (app: FastifyInstance) => void | Promise<void>;

/** Error responses; the library's own messages, which may quote the request, are never sent. */
function sendErrors(app: FastifyInstance, { log }: HttpContext): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, code, message } = fromHttpError(error.statusCode ?? 500);
    if (status === 500) log.error('a request failed', { id: request.id, error });
    return reply.code(status).send(errorBody({ ok: false, code, message }, request.id));
  });
  app.setNotFoundHandler((request, reply) => reply.code(404).send(errorBody({ ok: false, code: 'NotFound', message: 'not found' }, request.id)));
}

function logRequests(app: FastifyInstance, { log, clock }: HttpContext): void {
  const write = createRequestLog(log, clock);
  app.addHook('onResponse', async (request, reply) => {
    write({
      id: request.id,
      method: request.method,
      url: request.routeOptions.config?.isSecretAddress === true ? (request.routeOptions.url ?? '') : request.url,
      status: reply.raw.statusCode,
      ms: reply.elapsedTime,
      address: addressOf(request),
      identity: request.identity?.id ?? null,
      quietLog: request.routeOptions.config?.quietLog === true,
    });
  });
}

/** Creates the app; `extend` adds the sign-in routes. */
export async function createApp(httpContext: HttpContext, extend?: Extend): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    ...WITHOUT_COMPILERS,
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
  // JSON only.
  app.removeContentTypeParser('text/plain');
  sendErrors(app, httpContext);
  logRequests(app, httpContext);
  await app.register(fastifyCookie);
  await addSecurityHooks(app, httpContext);
  limitAnswers(app, httpContext);
  docsRoutes(app, httpContext);
  callRoutes(app, httpContext);
  restRoutes(app, httpContext);
  prometheusRoutes(app, httpContext);
  await heartbeatRoutes(app, httpContext);
  await reportRoutes(app, httpContext);
  streamRoutes(app, httpContext);
  if (extend !== undefined) await extend(app);
  await pageRoutes(app, httpContext);
  await app.ready();
  return app;
}
