/** Registers the resources of the table as routes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { CALLS } from '../../../shared/api/contract';
import { isMachineCall } from '../../../shared/machines/machine-calls';
import { machineIdSchema } from '../../../shared/machines/machine-schemas';
import { describeValidationErrors } from '../../../shared/api/validation-errors';
import { CallError } from '../../../shared/result';
import type { Result } from '../../../shared/result';
import { callerOf, MACHINE_PARAMETER, machineOf } from '../http/http-context';
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

/** The query without the machine, which is the caller's and not the call's. */
function withoutMachine(query: unknown): unknown {
  if (typeof query !== 'object' || query === null) return query;
  const { [MACHINE_PARAMETER]: _machine, ...rest } = query as Readonly<Record<string, unknown>>;
  return rest;
}

/** What a mapping may use, of the machine that the request is about. */
async function contextOf({ clock, snapshot, openIncidents, handlers }: HttpContext, request: FastifyRequest): Promise<ResourceContext> {
  const now = clock.now();
  if (machineOf(request) === null) return { now, snapshot: snapshot(), openIncidents };
  const caller = callerOf(request);
  const [theirs, { incidents }] = await Promise.all([handlers.snapshot({}, caller), handlers.openAlerts({}, caller)]);
  return { now, snapshot: theirs, openIncidents: () => incidents };
}

function toRequest({ params, query, body }: Resource, request: FastifyRequest): ResourceRequest<unknown, unknown, unknown> {
  return {
    params: validate(params, request.params),
    // Query parameters of a resource without any are ignored.
    query: query === undefined ? undefined : validate(query, withoutMachine(request.query)),
    body: validate(body, request.body),
  };
}

/** The body with its HTTP status, or the error. */
async function respond(httpContext: HttpContext, resource: Resource, request: FastifyRequest): Promise<Result<{ status: number; body: unknown }>> {
  try {
    const context = await contextOf(httpContext, request);
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

/** Parameters of the query for the documentation; those that can be about another machine say so. */
function documentedQuery({ query, call }: Resource): z.ZodObject | undefined {
  if (!isMachineCall(call)) return query;
  return (query ?? z.strictObject({})).extend({ [MACHINE_PARAMETER]: machineIdSchema.exactOptional().meta({ description: 'Id of a machine that reports here (`GET /api/machines`); this machine where absent.' }) });
}

function schemaOf(resource: Resource): JsonSchema {
  const { tag, summary, params, body, response, call } = resource;
  const query = documentedQuery(resource);
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
