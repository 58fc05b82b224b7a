/** Walks a schema of the settings: every field that is no section itself, with the bare schema of its value. */
import * as z from 'zod';

/** A field by its path, and what may be in it. */
export interface SchemaLeaf {
  readonly path: string;
  readonly schema: z.core.$ZodType;
}

/** The schema without what is around it: defaults, null, read-only. */
function bareSchema(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodReadonly;
  return isWrapped ? bareSchema(schema.def.innerType) : schema;
}

/** Every leaf of an object schema, in order. */
export function schemaLeaves(schema: z.core.$ZodType, prefix = ''): readonly SchemaLeaf[] {
  const bare = bareSchema(schema);
  if (!(bare instanceof z.ZodObject)) return [{ path: prefix, schema: bare }];
  return Object.entries(bare.shape).flatMap(([name, part]) => schemaLeaves(part, prefix === '' ? name : `${prefix}.${name}`));
}
