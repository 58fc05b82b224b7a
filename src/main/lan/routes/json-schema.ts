/** Converts zod schemas to JSON Schema 2020-12, which OpenAPI 3.1 uses. Pure. */
import * as z from 'zod';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of an input (before defaults) or of an output. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _version, $defs: _definitions, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return withoutRefs(rest) as JsonSchema;
}

/** Replaces references, which only recursive schemas ("any JSON") have: inside a larger document they would lead nowhere. */
function withoutRefs(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutRefs);
  if (typeof part !== 'object' || part === null) return part;
  if ('$ref' in part) return { description: 'any JSON' };
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, withoutRefs(value)]));
}

/** The schema of a call's successful result. */
export function resultSchema(output: z.ZodType): JsonSchema {
  return { type: 'object', required: ['ok', 'value'], properties: { ok: { const: true }, value: jsonSchema(output, 'output') } };
}

/** Body of every error response. */
export const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['ok', 'code', 'message', 'requestId'],
  properties: {
    ok: { const: false },
    code: { type: 'string', description: 'BadInput, Unauthorized, Forbidden, NotFound, TooMany, Unavailable or Internal' },
    message: { type: 'string', description: 'Human-readable; names the field of invalid input.' },
    requestId: { type: 'string', description: 'Identifies the request in Traywatch’s log.' },
  },
};
