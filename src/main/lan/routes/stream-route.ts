/** `GET /api/stream`: live push by server-sent events. */
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import * as z from 'zod';
import { describeValidationErrors } from '../../../shared/api/validation-errors';
import { familyIdSchema } from '../../../shared/api/schemas';
import { refuse } from '../http/security-hooks';
import { addressOf, callerId } from '../http/http-context';
import type { HttpContext } from '../http/http-context';
import { parseId } from '../stream/frames';
import type { StreamPosition } from '../stream/frames';
import { integerSchema, listSchema } from './resource';
import { jsonSchema } from './json-schema';

const querySchema = z.strictObject({
  interval: integerSchema(1, 60).optional().meta({ description: 'Update interval in seconds, 1 to 60.' }),
  families: listSchema.pipe(z.array(familyIdSchema).max(50)).optional().meta({ description: 'Families displayed now, comma-separated; they are sampled at their faster interval.' }),
  client: z.string().regex(/^[\w-]{1,40}$/, 'letters, digits, underscores and dashes, at most 40').optional().meta({ description: 'Distinguishes the tabs of one browser.' }),
  lastEventId: z.string().max(60).optional().meta({ description: 'Same as the header Last-Event-ID, for clients that cannot send it.' }),
});

/** The position to resume from; the header, which the browser keeps up to date, comes before the query parameter. */
function lastPosition(request: FastifyRequest, given: string | undefined): StreamPosition | null {
  const header = request.headers['last-event-id'];
  return parseId((typeof header === 'string' ? header : given) ?? '');
}

/** Replacements for a request's headers: they may hold secrets, and a stream may last long. */
const NO_HEADERS = Object.freeze({});
const NO_LINES: string[] = [];

/**
 * Detaches request and response from the HTTP library: what it holds until the end of a request, a thousand streams would
 * hold as long as they last. The stream logs by itself. Node's own finish listener was registered first and stays.
 */
function takeOver(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  const [, ...finish] = reply.raw.listeners('finish');
  for (const listener of finish) reply.raw.off('finish', listener as () => void);
  reply.raw.removeAllListeners('error');
  request.raw.headers = NO_HEADERS;
  request.raw.rawHeaders = NO_LINES;
}

/** Sends the head of a stream, without the headers that only protect pages. */
function beginStream(request: FastifyRequest, reply: FastifyReply): void {
  takeOver(request, reply);
  // Heartbeats detect lost connections.
  request.raw.socket.setTimeout(0);
  // A stream ends with its connection, so no chunked encoding is needed, and batches go to the socket as they are.
  reply.raw.useChunkedEncodingByDefault = false;
  reply.raw
    .writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // Proxies must neither collect the stream, as nginx does unless told so, nor compress it.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      connection: 'close',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
    })
    .flushHeaders();
}

/** Seconds after which a stream may be tried again: about the time in which a lost one is noticed. */
const STREAM_RETRY = '30';

const DESCRIPTION = [
  'Events: `batch` (readings, with an id to resume from), `appState` and others used by Traywatch’s own UI, and `gap` where data was left out.',
  'A client that reads too slowly gets a gap and the latest state, never a backlog. With Last-Event-ID, missed batches are sent first.',
].join(' ');

const describe = (): FastifySchema => ({
  tags: ['Metrics'],
  summary: 'Live push by server-sent events',
  description: DESCRIPTION,
  querystring: jsonSchema(querySchema, 'input'),
  response: { 200: { description: 'A stream of events', content: { 'text/event-stream': { schema: { type: 'string' } } } } },
});

/** Registers the stream. */
export function streamRoutes(app: FastifyInstance, httpContext: HttpContext): void {
  const { stream, leases, settings, log } = httpContext;
  app.get('/api/stream', {
    exposeHeadRoute: false,
    helmet: false,
    config: { permission: { access: 'viewer', scopes: ['read'] }, describe },
    handler: async (request, reply) => {
      const { identity } = request;
      const query = querySchema.safeParse(request.query);
      if (!query.success) return refuse(request, reply, 400, 'BadInput', describeValidationErrors(query.error));
      if (identity === null) throw new Error('a stream needs an identity');
      const { interval = settings().intervalSeconds, families, client, lastEventId } = query.data;
      const requested = { identity, caller: callerId(identity, client), address: addressOf(request), interval };
      if (!stream.hasRoom(requested)) return refuse(request, reply.header('retry-after', STREAM_RETRY), 429, 'TooMany', 'too many open streams for this browser or token');
      const { socket } = reply.raw;
      // A response has no socket while earlier ones of its connection are being sent, or when the client has gone.
      if (socket === null || socket.destroyed) return refuse(request, reply, 400, 'BadInput', 'connection not ready for streaming');
      const last = lastPosition(request, lastEventId);
      log.info('a stream begins', { id: request.id, identity: identity.id, address: requested.address, interval });
      // Head and snapshot in one packet.
      socket.cork();
      beginStream(request, reply);
      // Streams have limits of their own.
      request.answer?.release();
      stream.open(reply.raw, socket, requested, last);
      socket.uncork();
      leases.hold(requested.caller);
      if (families !== undefined) leases.set(requested.caller, families);
      return reply;
    },
  });
}
