/** A friendly address for a call of the contract: what a line of the table of resources is. */
import * as z from 'zod';
import type { CallInput, CallName, CallOutput } from '../../../shared/api/contract';
import type { Snapshot } from '../../../shared/metrics/reading';
import type { Scope } from '../../../shared/sharing/auth-policy';

/** What a mapping may look at beside the request. */
export interface ResourceContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly snapshot: Snapshot;
  /** Name of who asks, for a person. */
  readonly who: string;
}

/** The checked parts of a request. */
export interface ResourceRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

type Infer<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A line of the table, with its exact types. */
export interface ResourceSpec<N extends CallName, P extends z.ZodObject | undefined, Q extends z.ZodObject | undefined, B extends z.ZodType | undefined, A> {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** With `:name` for parameters. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly call: N;
  /** A token that was given this may, whatever its role. By default it needs read for queries, and write and the role for commands. */
  readonly grant?: Scope;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The call's input; a CallError thrown here is the answer. */
  input(request: ResourceRequest<Infer<P>, Infer<Q>, Infer<B>>, context: ResourceContext): CallInput<N>;
  /** The answer, where it is not the call's output as it is. */
  answer?: {
    readonly schema: z.ZodType;
    of(output: CallOutput<N>, request: ResourceRequest<Infer<P>, Infer<Q>, Infer<B>>, context: ResourceContext): A;
    /** 200 where absent. */
    status?(answer: A): number;
  };
}

/** A line of the table as the router takes it. */
export interface Resource {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly call: CallName;
  readonly grant?: Scope;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  input(request: ResourceRequest<unknown, unknown, unknown>, context: ResourceContext): unknown;
  readonly answer?: {
    readonly schema: z.ZodType;
    of(output: unknown, request: ResourceRequest<unknown, unknown, unknown>, context: ResourceContext): unknown;
    status?(answer: unknown): number;
  };
}

/** Checks a line of the table against the contract. The router hands it only what its own schemas let through. */
export function resource<N extends CallName, P extends z.ZodObject | undefined, Q extends z.ZodObject | undefined, B extends z.ZodType | undefined, A>(
  spec: ResourceSpec<N, P, Q, B, A>,
): Resource {
  return spec as unknown as Resource;
}

/** A moment in a query: epoch milliseconds, or ISO 8601 with a zone. Comes out as epoch milliseconds. */
export const momentSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const time = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time)) context.addIssue({ code: 'custom', message: 'epoch milliseconds, or ISO 8601 such as 2026-01-31T08:00:00Z' });
    return time;
  })
  .meta({ description: 'Epoch milliseconds, or ISO 8601 with a zone.' });

/** A whole number in a query. */
export function wholeSchema(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ description: `A whole number, ${min} to ${max}.` });
}

/** Words in a query, apart by commas. */
export const wordsSchema = z
  .string()
  .max(2000)
  .transform((text) => text.split(',').filter((word) => word !== ''))
  .meta({ description: 'Apart by commas.' });
