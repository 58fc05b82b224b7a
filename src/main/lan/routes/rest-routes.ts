/** The resources of the table as routes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { CALLS } from '../../../shared/api/contract';
import { describeValidationErrors } from '../../../shared/api/validation-errors';
import { CallError } from '../../../shared/result';
import type { Result } from '../../../shared/result';
import type { HttpContext } from '../http/http-context';
import { ask, permissionOf, sendError } from './call-route';
import type { Resource, ResourceContext, ResourceRequest } from './resource';
import { ERROR_SCHEMA, jsonSchema } from './json-schema';
import type { JsonSchema } from './json-schema';
import { RESOURCES } from './resource-table';

function checked(schema: z.ZodType | undefined, found: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(found ?? {});
  if (!parsed.success) throw new CallError('BadInput', describeValidationErrors(parsed.error));
  return parsed.data;
}

function toRequest({ params, query, body }: Resource, request: FastifyRequest): ResourceRequest<unknown, unknown, unknown> {
  return {
    params: checked(params, request.params),
    // A query nobody asked for is a slip of the pen that should not pass.
    query: query === undefined ? undefined : checked(query, request.query),
    body: checked(body, request.body),
  };
}

/** The answer with its HTTP status, or the error. */
async function answerTo(httpContext: HttpContext, line: Resource, request: FastifyRequest): Promise<Result<{ status: number; body: unknown }>> {
  try {
    const context: ResourceContext = { now: httpContext.clock.now(), snapshot: httpContext.snapshot(), who: request.identity?.name ?? '' };
    const given = toRequest(line, request);
    const result = await ask(httpContext, request, line.call, line.input(given, context));
    if (!result.ok) return result;
    const body = line.answer === undefined ? result.value : line.answer.of(result.value, given, context);
    return { ok: true, value: { status: line.answer?.status?.(body) ?? 200, body } };
  } catch (error) {
    if (error instanceof CallError) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

function schemaOf({ tag, summary, params, query, body, answer, call }: Resource): JsonSchema {
  return {
    tags: [tag],
    summary,
    ...(params === undefined ? {} : { params: jsonSchema(params, 'input') }),
    ...(query === undefined ? {} : { querystring: jsonSchema(query, 'input') }),
    ...(body === undefined ? {} : { body: jsonSchema(body, 'input') }),
    response: { 200: jsonSchema(answer?.schema ?? CALLS[call].output, 'output'), '4xx': ERROR_SCHEMA },
  };
}

/** Registers every line of the table. */
export function restRoutes(app: FastifyInstance, httpContext: HttpContext): void {
  for (const line of RESOURCES) {
    app.route({
      method: line.method,
      url: line.path,
      config: { need: permissionOf(line.call, line.grant) },
      schema: schemaOf(line),
      handler: async (request, reply) => {
        const result = await answerTo(httpContext, line, request);
        return result.ok ? reply.code(result.value.status).send(result.value.body) : sendError(request, reply, result);
      },
    });
  }
}
