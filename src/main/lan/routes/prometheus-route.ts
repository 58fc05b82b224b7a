/** `/metrics` for Prometheus. */
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { HttpContext } from '../http/http-context';
import { CONTENT_TYPE, formatFor, renderExposition } from '../openmetrics';

const describe = (): FastifySchema => ({
  tags: ['Metrics'],
  summary: 'Latest readings in the Prometheus exposition format',
  response: { 200: { description: 'OpenMetrics 1.0, or the text format 0.0.4', content: { 'text/plain': { schema: { type: 'string' } } } } },
});

/** Registers the route. It needs an API token with the scope metrics:read, or none from this machine where the settings allow it. */
export function prometheusRoutes(app: FastifyInstance, { clock, snapshot, version, machines }: HttpContext): void {
  app.get('/metrics', {
    config: { permission: { access: 'viewer', scopes: ['metrics:read', 'read'] }, allowLoopback: true, quietLog: true, describe },
    handler: async (request, reply) => {
      const format = formatFor(request.headers.accept);
      return reply.header('content-type', CONTENT_TYPE[format]).send(renderExposition(snapshot(), { version, now: clock.now(), machines: machines?.() ?? [] }, format));
    },
  });
}
