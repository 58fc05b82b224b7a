/** Where jobs call in: `/api/heartbeat/<token>`. The token in the address is the right to do so, and grants nothing else. */
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../http/http-context';

/** A larger body is refused, bytes: of one that is taken only the first line or so is kept. */
const BODY_LIMIT = 64 * 1024;
/** Of a body this is passed on, characters. */
const MAX_TEXT = 1000;

/** Registers the route: GET, HEAD and POST, with a body of any type or none. An unknown token is an unknown address. */
export async function heartbeatRoutes(app: FastifyInstance, { heartbeat }: HttpContext): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
    scope.route<{ Params: { token: string } }>({
      method: ['GET', 'HEAD', 'POST'],
      url: '/api/heartbeat/:token',
      config: { permission: { access: 'public', scopes: [] }, isSecretAddress: true, quietLog: true },
      handler: async (request, reply) => {
        const text = typeof request.body === 'string' ? request.body.slice(0, MAX_TEXT) : null;
        if (!(await heartbeat(request.params.token, text))) return reply.callNotFound();
        return reply.code(204).send();
      },
    });
  });
}
