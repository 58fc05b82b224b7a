/**
 * Asks a container engine over its socket, pipe or TCP port. Paths have no version, so that an engine answers as the newest
 * that it knows: some refuse versions that are too old. Nothing waits without a deadline, and no answer grows without a limit.
 */
import * as http from 'node:http';
import { codeOf, messageOf } from '../../../shared/result';
import type { Timers } from '../clock';
import { objectOf, parseJson, textOf } from './answer';
import type { Endpoint } from './endpoint';
import { KeptConnections, LateError } from './kept-connections';

/**
 * What went wrong. denied: the socket may not be opened. absent: nobody listens there. late: no answer in time. refused: an
 * HTTP status other than success. broken: anything else, such as an answer that is too long.
 */
type EngineProblem = 'denied' | 'absent' | 'late' | 'refused' | 'broken';

/** A call that failed. `status`: the HTTP status, where there was one. */
export class EngineError extends Error {
  readonly problem: EngineProblem;
  readonly status: number | null;
  constructor(problem: EngineProblem, message: string, status: number | null = null) {
    super(message);
    this.name = 'EngineError';
    this.problem = problem;
    this.status = status;
  }
}

/** Limits of one call. */
interface CallLimits {
  /** ms until the answer must be there; 5 s by default. */
  readonly deadline?: number;
  /** Longest answer, bytes; 4 MB by default. */
  readonly most?: number;
  /** Ends the call. */
  readonly signal?: AbortSignal;
}

/** A stream of data that an engine sends. */
interface StreamListener {
  /** The engine has begun to answer. */
  onOpen(): void;
  onData(chunk: Buffer): void;
  /** Called once; null where the engine ended the stream. Not called after it was closed by its reader. */
  onEnd(error: EngineError | null): void;
}

/** Calls to one engine. All reject with an EngineError. */
export interface EngineClient {
  /** The answer, from JSON; undefined where it is none. */
  json(path: string, limits?: CallLimits): Promise<unknown>;
  /** The answer as bytes. */
  bytes(path: string, limits?: CallLimits): Promise<Buffer>;
  /** Does something; resolves when the engine says that it is done, or that there was nothing to do. */
  post(path: string, limits?: CallLimits): Promise<void>;
  /** Follows what an engine sends. Returns the function that ends it. */
  stream(path: string, listener: StreamListener): () => void;
  close(): void;
}

const DEADLINE = 5000;
const MOST_BYTES = 4_000_000;
/** Connections at once, besides a stream. */
const CONNECTIONS = 4;
/** Docker Desktop keeps other programs waiting: it knows its own client by this name. */
const HEADERS = { 'user-agent': 'Docker-Client/1.0 (Traywatch)', accept: 'application/json' } as const;

const DENIED = new Set(['EACCES', 'EPERM']);
const ABSENT = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH']);

/** What an error of the system means. */
function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof LateError) return new EngineError('late', error.message);
  const code = codeOf(error) ?? '';
  return new EngineError(DENIED.has(code) ? 'denied' : ABSENT.has(code) ? 'absent' : code === 'ETIMEDOUT' ? 'late' : 'broken', messageOf(error));
}

/** What an engine says about a call that it refuses. */
function refusal(status: number, body: Buffer): EngineError {
  const text = textOf(objectOf(parseJson(body.toString())).message);
  return new EngineError('refused', text?.slice(0, 300) ?? `HTTP status ${status}`, status);
}

const isSuccess = (status: number): boolean => (status >= 200 && status < 300) || status === 304;

/** All of an answer. */
async function bodyOf(response: http.IncomingMessage, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) throw new EngineError('broken', `the answer is longer than ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Creates a client; nothing is opened before the first call. `keepsOpen`: connections stay open between calls. */
export function createClient(endpoint: Endpoint, timers: Timers, keepsOpen: boolean): EngineClient {
  const where = 'path' in endpoint ? { socketPath: endpoint.path } : endpoint;
  const agent = new http.Agent({ maxSockets: CONNECTIONS });
  const kept = keepsOpen ? new KeptConnections(endpoint, timers, CONNECTIONS, HEADERS) : null;
  const streams = new Set<() => void>();

  const ask = (method: string, path: string, { deadline = DEADLINE, most = MOST_BYTES, signal }: CallLimits): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const request = http.request({ ...where, ...(signal === undefined ? {} : { signal }), agent, method, path, headers: method === 'POST' ? { ...HEADERS, 'content-length': 0 } : HEADERS });
      const fail = (error: unknown): void => {
        cancel();
        reject(toEngineError(error));
        request.destroy();
      };
      // A connection that is closed with a half answer, as one that changes its protocol, tells nothing of it: the deadline rejects by itself.
      const cancel = timers.after(deadline, () => fail(new LateError(deadline)));
      // It stays after the end: an error of a request that was given up must not end the app.
      request.on('error', fail);
      request.once('response', (response) => {
        const status = response.statusCode ?? 0;
        bodyOf(response, most).then((body) => {
          cancel();
          if (isSuccess(status)) resolve(body);
          else reject(refusal(status, body));
        }, fail);
      });
      request.end();
    });

  const askKept = async (connections: KeptConnections, path: string, { deadline = DEADLINE, most = MOST_BYTES }: CallLimits): Promise<Buffer> => {
    const { status, body } = await connections.get(path, { deadline, most }).catch((error: unknown) => Promise.reject(toEngineError(error)));
    if (!isSuccess(status)) throw refusal(status, body);
    return body;
  };

  /** What may be called off has a connection of its own. */
  const get = (path: string, limits: CallLimits): Promise<Buffer> => (kept === null || limits.signal !== undefined ? ask('GET', path, limits) : askKept(kept, path, limits));

  return {
    json: async (path, limits = {}) => parseJson((await get(path, limits)).toString()),
    bytes: (path, limits = {}) => get(path, limits),
    post: async (path, limits = {}) => void (await ask('POST', path, limits)),
    stream(path, listener) {
      const close = openStream(http.request({ ...where, agent: false, method: 'GET', path, headers: { ...HEADERS, connection: 'close' } }), timers, listener, () => streams.delete(close));
      streams.add(close);
      return close;
    },
    close() {
      for (const close of streams) close();
      kept?.close();
      agent.destroy();
    },
  };
}

/** Sends a request whose answer goes on; its beginning has a deadline. */
function openStream(request: http.ClientRequest, timers: Timers, listener: StreamListener, onClosed: () => void): () => void {
  let isOver = false;
  const finish = (): boolean => {
    if (isOver) return false;
    isOver = true;
    cancel();
    onClosed();
    request.destroy();
    return true;
  };
  const end = (error: EngineError | null): void => {
    if (finish()) listener.onEnd(error);
  };
  const cancel = timers.after(DEADLINE, () => end(new EngineError('late', `no answer within ${DEADLINE / 1000} s`)));
  // It stays after the end: an error of a request that was given up must not end the app.
  request.on('error', (error) => end(toEngineError(error)));
  request.once('response', (response) => {
    cancel();
    response.on('error', (error) => end(toEngineError(error)));
    const status = response.statusCode ?? 0;
    if (!isSuccess(status)) {
      bodyOf(response, MOST_BYTES).then((body) => end(refusal(status, body)), (error: unknown) => end(toEngineError(error)));
      return;
    }
    response.on('data', (chunk: Buffer) => listener.onData(chunk));
    response.once('end', () => end(null));
    response.once('close', () => end(null));
    listener.onOpen();
  });
  request.end();
  return () => void finish();
}
