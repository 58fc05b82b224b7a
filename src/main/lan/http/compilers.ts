/** An option of the HTTP library that keeps it from loading its compilers of schemas, which are half of it. */
import type { FastifyServerOptions } from 'fastify';

/** Inputs are validated against the contract, not by the library, and outputs are plain JSON: routes have no schemas to compile. */
const refuse = (): never => {
  throw new Error('schemas are not compiled here');
};

/** For apps whose routes have no schema, or that set compilers of their own. */
export const WITHOUT_COMPILERS = { schemaController: { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } } } satisfies FastifyServerOptions;
