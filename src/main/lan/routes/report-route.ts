/** Where machines report: `POST /api/report`, with a token that is good for nothing else. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { gunzip } from 'node:zlib';
import { describeValidationErrors } from '../../../shared/api/validation-errors';
import { REPORT_LIMITS, REPORT_VERSION, reportSchema } from '../../../shared/machines/report-schemas';
import type { Report } from '../../../shared/machines/report-schemas';
import { CallError } from '../../../shared/result';
import { addressOf } from '../http/http-context';
import type { HttpContext } from '../http/http-context';
import { REPORT_SCOPE } from '../../../shared/sharing/auth-policy';
import { sendError } from './call-route';

const TOO_LARGE = 'the report is too large';

/** The text of a body. A body that decompresses to more than a report may have is refused before it is in memory. */
function textOf(body: Buffer, encoding: string | undefined): Promise<string> {
  if (encoding === undefined || encoding === 'identity') return Promise.resolve(body.toString('utf8'));
  if (encoding !== 'gzip') throw new CallError('BadInput', 'content-encoding: gzip or none');
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: REPORT_LIMITS.text }, (error, text) => {
      if (error === null) resolve(text.toString('utf8'));
      else reject(new CallError('BadInput', 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : 'the report is not valid gzip'));
    });
  });
}

/** The report as the schema has it. What is nested so deeply that it cannot be looked through is no report. */
function parsedReport(json: unknown): ReturnType<typeof reportSchema.safeParse> {
  try {
    return reportSchema.safeParse(json);
  } catch (error) {
    if (error instanceof RangeError) throw new CallError('BadInput', 'the report is nested too deeply');
    throw error;
  }
}

/** A report, checked. Columns of another length than the times are refused as a whole. */
async function reportOf(body: Buffer, encoding: string | undefined): Promise<Report> {
  let json: unknown;
  try {
    json = JSON.parse(await textOf(body, encoding));
  } catch (error) {
    throw error instanceof CallError ? error : new CallError('BadInput', 'the report is not valid JSON');
  }
  const parsed = parsedReport(json);
  if (!parsed.success) throw new CallError('BadInput', describeValidationErrors(parsed.error).slice(0, 500));
  const { rows, v } = parsed.data;
  if (v > REPORT_VERSION) throw new CallError('BadInput', `v: reports of version ${REPORT_VERSION} are taken; update Traywatch on the hub`);
  const columns = Object.values(rows.series);
  if (columns.length > REPORT_LIMITS.series) throw new CallError('BadInput', `rows.series: at most ${REPORT_LIMITS.series}`);
  if (columns.some((column) => column.length !== rows.times.length)) throw new CallError('BadInput', 'rows.series: as many values as times');
  return parsed.data;
}

/** The machine that a token is of; it may report for no other. */
function reporterOf({ identity }: FastifyRequest, claimed: string): string {
  if (identity?.machine === undefined) throw new CallError('Forbidden', 'only a machine that joined can report');
  if (identity.machine !== claimed) throw new CallError('Forbidden', 'machine: this token is of another machine');
  return claimed;
}

/** Registers the route. */
export async function reportRoutes(app: FastifyInstance, httpContext: HttpContext): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: REPORT_LIMITS.bytes }, (_request, body, done) => done(null, body));
    scope.post('/api/report', {
      bodyLimit: REPORT_LIMITS.bytes,
      config: { permission: { access: 'viewer', scopes: [REPORT_SCOPE] }, quietLog: true },
      schema: { hide: true },
      handler: async (request, reply) => {
        try {
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
          const report = await reportOf(body, request.headers['content-encoding']);
          const value = await httpContext.report(reporterOf(request, report.machine), report, addressOf(request));
          return await reply.send({ ok: true, value });
        } catch (error) {
          if (error instanceof CallError) return sendError(request, reply, { ok: false, code: error.code, message: error.message });
          throw error;
        }
      },
    });
  });
}
