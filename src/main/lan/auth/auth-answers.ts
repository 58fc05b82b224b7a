/** What the routes of access have in common: the results, the errors, and how input is checked. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { CallError } from '../../../shared/result';
import type { Result } from '../../../shared/result';
import { HTTP_STATUS } from '../http-errors';
import { createTextRedaction } from '../remote-text';

const SECOND = 1000;
/** Seconds after which to try again while too many sign-ins are being checked. */
const BUSY_SECONDS = '5';
/** Longest wait of one poll for a decision, s: less than the timeouts of proxies and phones. */
const MAX_WAIT = 25;

/** An error may hold the path of a file. */
const remoteText = createTextRedaction();

const requestParamsSchema = z.strictObject({ id: z.string().regex(/^r[a-f0-9]{16}$/) });
const waitSchema = z.strictObject({ wait: z.coerce.number().min(0).max(MAX_WAIT).default(0) });

/** Validates input. The error names fields and never quotes their content, which may be a password. Throws a CallError. */
export function parseInput<S extends z.ZodType>(schema: S, sent: unknown): z.output<S> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const fields = new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'body'));
  throw new CallError('BadInput', `invalid: ${[...fields].slice(0, 10).join(', ')}`);
}

/** Of a poll for a decision: the access request, and how long it waits, ms. Throws a CallError. */
export function parsePoll({ params, query }: FastifyRequest): { readonly id: string; readonly wait: number } {
  return { id: parseInput(requestParamsSchema, params).id, wait: parseInput(waitSchema, query).wait * SECOND };
}

/** A result. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Throws the error for too many attempts, with the time to wait, ms, in the Retry-After header. */
export function tooManyAttempts(reply: FastifyReply, ms: number): never {
  void reply.header('retry-after', String(Math.ceil(ms / SECOND)));
  throw new CallError('TooMany', 'too many attempts; try again later');
}

/** Answers a request that failed; `onInternal` gets unexpected errors. */
export function refuse(error: unknown, onInternal: (error: unknown) => void, reply: FastifyReply): FastifyReply {
  if (error instanceof CallError && error.code === 'TooMany' && !reply.hasHeader('retry-after')) void reply.header('retry-after', BUSY_SECONDS);
  if (error instanceof CallError) return reply.code(HTTP_STATUS[error.code]).send({ ok: false, code: error.code, message: remoteText(error.message) });
  const status = (error as FastifyError).statusCode ?? 500;
  if (status >= 400 && status < 500) return reply.code(status).send({ ok: false, code: 'BadInput', message: 'malformed request' });
  onInternal(error);
  return reply.code(500).send({ ok: false, code: 'Internal', message: 'internal error (see the log)' });
}
