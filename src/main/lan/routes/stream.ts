/** `GET /api/stream`: live push by server-sent events. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { describeIssues } from '../../../shared/api/dispatch';
import { familyIdSchema } from '../../../shared/api/schemas';
import { plainAddress } from '../addresses';
import { refuse } from '../http/protect';
import { callerId } from '../http/served';
import type { Served } from '../http/served';
import { parseId } from '../stream/frames';
import type { Place } from '../stream/frames';
import { wholeSchema, wordsSchema } from './resource';
import { jsonSchema } from './schema';

const querySchema = z.strictObject({
  interval: wholeSchema(1, 60).optional().meta({ description: 'Seconds between two batches, 1 to 60.' }),
  families: wordsSchema.pipe(z.array(familyIdSchema).max(50)).optional().meta({ description: 'Families shown now, apart by commas: they are read at their faster pace.' }),
  client: z.string().regex(/^[\w-]{1,40}$/, 'letters, digits, underscores and dashes, at most 40').optional().meta({ description: 'Tells one browser tab from another of the same device.' }),
  lastEventId: z.string().max(60).optional().meta({ description: 'As the header Last-Event-ID, for clients that cannot send it.' }),
});

/** The place a viewer was at: the browser's own header is younger than what the address says. */
function lastPlace(request: FastifyRequest, given: string | undefined): Place | null {
  const header = request.headers['last-event-id'];
  return parseId((typeof header === 'string' ? header : given) ?? '');
}

const DESCRIPTION = [
  'Events: `batch` (readings, with an id to resume from), `appState` and others as the app’s own page gets them, and `gap` where something was left out.',
  'A viewer that reads too slowly gets a gap and the latest state, never a backlog. With Last-Event-ID what was missed comes first.',
].join(' ');

/** Registers the stream. */
export function streamRoutes(app: FastifyInstance, served: Served): void {
  const { stream, leases, settings } = served;
  app.get('/api/stream', {
    exposeHeadRoute: false,
    config: { need: { access: 'viewer', scopes: ['read'] } },
    schema: {
      tags: ['Metrics'],
      summary: 'Live push by server-sent events',
      description: DESCRIPTION,
      querystring: jsonSchema(querySchema, 'input'),
      response: { 200: { description: 'A stream of events', content: { 'text/event-stream': { schema: { type: 'string' } } } } },
    },
    handler: async (request, reply) => {
      const { identity } = request;
      const query = querySchema.safeParse(request.query);
      if (!query.success) return refuse(request, reply, 400, 'BadInput', describeIssues(query.error));
      if (identity === null) throw new Error('the stream needs somebody');
      const { interval = settings().intervalSeconds, families, client, lastEventId } = query.data;
      const wish = { identity, caller: callerId(identity, client), address: plainAddress(request.ip), interval };
      if (!stream.hasRoom(wish)) return refuse(request, reply, 429, 'TooMany', 'this device or token has too many streams open');
      const head = reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').getHeaders();
      reply.hijack();
      for (const [name, value] of Object.entries(head)) if (value !== undefined) reply.raw.setHeader(name, value);
      reply.raw.writeHead(200);
      stream.open(reply.raw, wish, lastPlace(request, lastEventId));
      leases.hold(wish.caller);
      if (families !== undefined) leases.set(wish.caller, families);
      return reply;
    },
  });
}
