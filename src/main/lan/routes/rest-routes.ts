/** Registers the resources of the table as routes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { CALLS } from '../../../shared/api/contract';
import { describeValidationErrors } from '../../../shared/api/validation-errors';
import { CallError } from '../../../shared/result';
import type { Result } from '../../../shared/result';
import type { HttpContext } from '../http/http-context';
import { callHandler, permissionOf, sendError } from './call-route';
import type { Resource, ResourceContext, ResourceRequest } from './resource';
import { ERROR_SCHEMA, jsonSchema } from './json-schema';
import type { JsonSchema } from './json-schema';
import { RESOURCES } from './resource-table';

function validate(schema: z.ZodType | undefined, found: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(found ?? {});
  if (!parsed.success) throw new CallError('BadInput', describeValidationErrors(parsed.error));
  return parsed.data;
}

function toRequest({ params, query, body }: Resource, request: FastifyRequest): ResourceRequest<unknown, unknown, unknown> {
  return {
    params: validate(params, request.params),
    // Query parameters of a resource without any are ignored.
    query: query === undefined ? undefined : validate(query, request.query),
    body: validate(body, request.body),
  };
}

/** The body with its HTTP status, or the error. */
async function respond(httpContext: HttpContext, resource: Resource, request: FastifyRequest): Promise<Result<{ status: number; body: unknown }>> {
  try {
    const context: ResourceContext = { now: httpContext.clock.now(), snapshot: httpContext.snapshot(), openIncidents: () => httpContext.openIncidents() };
    const input = toRequest(resource, request);
    const result = await callHandler(httpContext, request, resource.call, resource.input(input, context));
    if (!result.ok) return result;
    const body = resource.response === undefined ? result.value : resource.response.map(result.value, input, context);
    return { ok: true, value: { status: resource.response?.status?.(body) ?? 200, body } };
  } catch (error) {
    if (error instanceof CallError) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

function schemaOf({ tag, summary, params, query, body, response, call }: Resource): JsonSchema {
  return {
    tags: [tag],
    summary,
    ...(params === undefined ? {} : { params: jsonSchema(params, 'input') }),
    ...(query === undefined ? {} : { querystring: jsonSchema(query, 'input') }),
    ...(body === undefined ? {} : { body: jsonSchema(body, 'input') }),
    response: { 200: jsonSchema(response?.schema ?? CALLS[call].output, 'output'), '4xx': ERROR_SCHEMA },
  };
}

/** Registers every resource. */
export function restRoutes(app: FastifyInstance, httpContext: HttpContext): void {
  for (const resource of RESOURCES) {
    app.route({
      method: resource.method,
      url: resource.path,
      config: { permission: permissionOf(resource.call, resource.grant), describe: () => schemaOf(resource) },
      handler: async (request, reply) => {
        const result = await respond(httpContext, resource, request);
        return result.ok ? reply.code(result.value.status).send(result.value.body) : sendError(request, reply, result);
      },
    });
  }
}
