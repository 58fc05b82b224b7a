/**
 * GET requests over a few connections that stay open. Numbers of a hundred containers are four hundred requests a minute, and
 * Node's client takes three times the processor time of this for each: streams, an agent and a request object that nobody needs.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Timers } from '../clock';
import type { Endpoint } from './endpoint';
import { AnswerReader } from './http-answer';
import type { HttpAnswer } from './http-answer';

/** There was no answer in time. */
export class LateError extends Error {
  override readonly name = 'LateError';
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} s`);
  }
}

/** Limits of a request: ms until its answer must be there, and bytes of that. */
export interface KeptLimits {
  readonly deadline: number;
  readonly most: number;
}

/** A request that is sent, or waits for a connection. */
interface Question {
  readonly text: string;
  readonly most: number;
  /** It is asked once more: the connection of before had been closed by the engine. */
  isRepeated: boolean;
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Bytes that are read at once. */
const PIECE = 16 * 1024;

/** One connection, with the question that it is asked now. */
interface Connection {
  readonly socket: Socket;
  question: Question | null;
  reader: AnswerReader;
  /** Something came of the answer. */
  hasBegun: boolean;
  /** Questions it has answered. */
  answered: number;
}

/** The name of the engine in a request: those on a socket have none. */
function hostOf(endpoint: Endpoint): string {
  if ('path' in endpoint) return 'localhost';
  return `${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
}

/** Asks one engine over at most `connections` connections. */
export class KeptConnections {
  readonly #endpoint: Endpoint;
  readonly #timers: Timers;
  readonly #connections: number;
  readonly #head: string;
  readonly #open = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Question[] = [];
  #isClosed = false;

  /** Opens nothing yet. `headers`: of each request. */
  constructor(endpoint: Endpoint, timers: Timers, connections: number, headers: Readonly<Record<string, string>>) {
    this.#endpoint = endpoint;
    this.#timers = timers;
    this.#connections = connections;
    this.#head = ` HTTP/1.1\r\nHost: ${hostOf(endpoint)}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  }

  /** The answer to a GET. Rejects with a LateError, an error of the system, or any other error. */
  get(path: string, { deadline, most }: KeptLimits): Promise<HttpAnswer> {
    if (/[^\x21-\x7e]/.test(path)) return Promise.reject(new Error('the path has characters that no path can have'));
    if (this.#isClosed) return Promise.reject(new Error('the connections are closed'));
    return new Promise((resolve, reject) => {
      const cancel = this.#timers.after(deadline, () => this.#giveUp(question, new LateError(deadline)));
      const question: Question = {
        text: `GET ${path}${this.#head}`,
        most,
        isRepeated: false,
        resolve: (answer) => {
          cancel();
          resolve(answer);
        },
        reject: (error) => {
          cancel();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      this.#ask(question);
    });
  }

  /** Closes all; what is still asked fails. */
  close(): void {
    this.#isClosed = true;
    const error = new Error('the connections are closed');
    for (const question of this.#waiting.splice(0)) question.reject(error);
    for (const connection of this.#open) this.#end(connection, error);
  }

  #ask(question: Question): void {
    const connection = this.#idle.pop();
    if (connection !== undefined) this.#send(connection, question);
    else if (this.#open.size < this.#connections) this.#send(this.#connect(), question);
    else this.#waiting.push(question);
  }

  #send(connection: Connection, question: Question): void {
    connection.question = question;
    connection.reader = new AnswerReader(question.most);
    connection.hasBegun = false;
    connection.socket.write(question.text, 'latin1');
  }

  #connect(): Connection {
    const take = (bytes: Buffer): void => this.#take(connection, bytes);
    const onread = {
      buffer: Buffer.allocUnsafeSlow(PIECE),
      callback: (length: number, buffer: Uint8Array): boolean => {
        take(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    };
    const socket = connect({ ...this.#endpoint, onread });
    const connection: Connection = { socket, question: null, reader: new AnswerReader(0), hasBegun: false, answered: 0 };
    // Nobody waits for one that is idle.
    socket.unref();
    socket.on('error', (error) => this.#end(connection, error));
    socket.on('end', () => this.#onEnd(connection));
    socket.on('close', () => this.#end(connection, new Error('the connection was closed in the middle of the answer')));
    this.#open.add(connection);
    return connection;
  }

  #take(connection: Connection, bytes: Buffer): void {
    const { question } = connection;
    // It speaks without having been asked.
    if (question === null) return this.#end(connection, null);
    connection.hasBegun = true;
    try {
      const answer = connection.reader.take(bytes);
      if (answer !== null) this.#answer(connection, question, answer);
    } catch (error) {
      this.#end(connection, error);
    }
  }

  #onEnd(connection: Connection): void {
    const answer = connection.question === null ? null : connection.reader.end();
    if (answer !== null && connection.question !== null) this.#answer(connection, connection.question, answer);
    else this.#end(connection, new Error('the connection was closed in the middle of the answer'));
  }

  #answer(connection: Connection, question: Question, answer: HttpAnswer): void {
    connection.question = null;
    connection.answered += 1;
    if (answer.isKept && !this.#isClosed) this.#idle.push(connection);
    else this.#end(connection, null);
    question.resolve(answer);
    this.#next();
  }

  /** Nothing more is expected of a connection; its question fails with the error, or is asked once more over another connection. */
  #end(connection: Connection, error: unknown): void {
    const { question } = connection;
    connection.question = null;
    const isFirst = this.#open.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    connection.socket.destroy();
    if (!isFirst) return;
    // A connection that stayed open may have been closed by the engine just now: that says nothing about the engine.
    const isStale = connection.answered > 0 && !connection.hasBegun && !this.#isClosed && !(error instanceof LateError);
    if (question !== null && isStale && !question.isRepeated) {
      question.isRepeated = true;
      // So may the others.
      for (const other of this.#idle.splice(0)) this.#end(other, null);
      this.#ask(question);
    } else question?.reject(error);
    this.#next();
  }

  /** Asks what waits, as far as there are connections. */
  #next(): void {
    if (this.#isClosed || this.#waiting.length === 0) return;
    if (this.#idle.length === 0 && this.#open.size >= this.#connections) return;
    const question = this.#waiting.shift();
    if (question !== undefined) this.#ask(question);
  }

  #giveUp(question: Question, error: LateError): void {
    const at = this.#waiting.indexOf(question);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      question.reject(error);
      return;
    }
    // What would still come of the answer belongs to no other question.
    for (const connection of this.#open) if (connection.question === question) this.#end(connection, error);
  }
}
