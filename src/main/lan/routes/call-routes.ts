/** Every remote call of the contract as a route, for the page's typed client: the same Result values as over IPC. */
import type { FastifyInstance } from 'fastify';
import { CALLS } from '../../../shared/api/contract';
import type { HttpContext } from '../http/http-context';
import { callHandler, permissionOf, REMOTE_CALLS, sendError } from './call-route';
import { jsonSchema, resultSchema } from './json-schema';

/** `POST /api/call/{name}` with the input as body. */
export function callRoutes(app: FastifyInstance, httpContext: HttpContext): void {
  for (const name of REMOTE_CALLS) {
    const { input, output } = CALLS[name];
    app.post(`/api/call/${name}`, {
      config: {
        permission: permissionOf(name),
        describe: () => ({ tags: ['RPC'], summary: `Call "${name}" of Traywatch's own UI`, body: jsonSchema(input, 'input'), response: { 200: resultSchema(output) } }),
      },
      handler: async (request, reply) => {
        const result = await callHandler(httpContext, request, name, request.body);
        return result.ok ? reply.send(result) : sendError(request, reply, result);
      },
    });
  }
}
