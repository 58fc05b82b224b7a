/** A REST resource: a path, parameters and a response mapped to a call of the contract. */
import * as z from 'zod';
import type { OpenIncident } from '../../../shared/alerts/severity';
import type { CallInput, CallName, CallOutput } from '../../../shared/api/contract';
import type { Snapshot } from '../../../shared/metrics/reading';
import type { Scope } from '../../../shared/sharing/auth-policy';

/** What a mapping may use besides the request. */
export interface ResourceContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly snapshot: Snapshot;
  /** The open incidents, which say how bad it is. */
  openIncidents(): readonly OpenIncident[];
}

/** The validated parts of a request. */
export interface ResourceRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

type Infer<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A resource with its exact types. */
export interface ResourceSpec<N extends CallName, P extends z.ZodObject | undefined, Q extends z.ZodObject | undefined, B extends z.ZodType | undefined, A> {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** With `:name` for parameters. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly call: N;
  /** An API token with this scope may use it whatever its role. By default a token needs read for queries; write and the role for commands. */
  readonly grant?: Scope;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Maps the request to the call's input; a CallError thrown here is sent as the response. */
  input(request: ResourceRequest<Infer<P>, Infer<Q>, Infer<B>>, context: ResourceContext): CallInput<N>;
  /** The response, where it is not the call's output itself. */
  response?: {
    readonly schema: z.ZodType;
    map(output: CallOutput<N>, request: ResourceRequest<Infer<P>, Infer<Q>, Infer<B>>, context: ResourceContext): A;
    /** 200 where absent. */
    status?(response: A): number;
  };
}

/** A resource as the router uses it. */
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
  readonly response?: {
    readonly schema: z.ZodType;
    map(output: unknown, request: ResourceRequest<unknown, unknown, unknown>, context: ResourceContext): unknown;
    status?(response: unknown): number;
  };
}

/** Type-checks a resource against the contract. The router passes only values validated by its schemas. */
export function resource<N extends CallName, P extends z.ZodObject | undefined, Q extends z.ZodObject | undefined, B extends z.ZodType | undefined, A>(
  spec: ResourceSpec<N, P, Q, B, A>,
): Resource {
  return spec as unknown as Resource;
}

/** A time in a query: epoch milliseconds, or ISO 8601 with a zone. Parsed to epoch milliseconds. */
export const timeSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const time = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time)) context.addIssue({ code: 'custom', message: 'epoch milliseconds, or ISO 8601 such as 2026-01-31T08:00:00Z' });
    return time;
  })
  .meta({ description: 'Epoch milliseconds, or ISO 8601 with a zone.' });

/** An integer in a query. */
export function integerSchema(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ description: `Integer from ${min} to ${max}.` });
}

/** A comma-separated list in a query. */
export const listSchema = z
  .string()
  .max(2000)
  .transform((text) => text.split(',').filter((word) => word !== ''))
  .meta({ description: 'Comma-separated.' });
