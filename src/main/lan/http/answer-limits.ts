/** Hooks that hold every answer to the budget, from its request until its last byte has left. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { networkOf } from '../../access/addresses';
import { holderOf } from '../../access/identity';
import type { Answer, AnswerHolder } from '../answer-budget';
import { errorBody } from '../http-errors';
import { addressOf } from './http-context';
import type { HttpContext } from './http-context';
import { refuse } from './security-hooks';

/** Seconds after which a refused request may be repeated. */
const RETRY_AFTER = '5';
const TOO_MANY = 'too many answers are being sent to this browser or token; read them first';

/** The open answers of each connection: a request queued behind others gets no event of its own when the connection is lost. */
function createSocketAnswers(): (socket: Socket, answer: Answer) => () => void {
  const open = new WeakMap<Socket, Set<Answer>>();
  return (socket, answer) => {
    const known = open.get(socket);
    const answers = known ?? new Set<Answer>();
    if (known === undefined) {
      open.set(socket, answers);
      socket.once('close', () => answers.forEach((one) => one.release()));
    }
    answers.add(answer);
    return () => {
      answers.delete(answer);
      answer.release();
    };
  };
}

/** The bytes of a body that is in memory; 0 for one that is read from a file as the client takes it. */
function bytesOf(payload: unknown): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return payload instanceof Uint8Array ? payload.byteLength : 0;
}

function refuseLate(request: FastifyRequest, reply: FastifyReply): string {
  void reply.code(429).header('retry-after', RETRY_AFTER).header('content-type', 'application/json; charset=utf-8').removeHeader('content-length');
  return JSON.stringify(errorBody({ ok: false, code: 'TooMany', message: TOO_MANY }, request.id));
}

/** Registers the hooks; they come after authentication, since the shares are those of identities. */
export function limitAnswers(app: FastifyInstance, { budget }: HttpContext): void {
  const trackBySocket = createSocketAnswers();
  app.decorateRequest('answer', null);
  app.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    const { identity } = request;
    const holder: AnswerHolder = identity === null ? { kind: 'addresses', id: networkOf(addressOf(request)) } : { kind: 'identity', id: holderOf(identity) };
    const answer = budget.open(holder, () => socket.destroy());
    if (answer === null) return refuse(request, reply.header('retry-after', RETRY_AFTER), 429, 'TooMany', TOO_MANY);
    request.answer = answer;
    const release = trackBySocket(socket, answer);
    if (socket.destroyed) release();
    reply.raw.once('close', release);
    return undefined;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { answer } = request;
    if (answer === null || socketGone(request) || answer.begin(bytesOf(payload))) return payload;
    return refuseLate(request, reply);
  });
}

/** True when nobody is left to read the answer. */
function socketGone({ raw }: FastifyRequest): boolean {
  return raw.socket.destroyed;
}
