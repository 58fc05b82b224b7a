/**
 * Probes PostgreSQL servers: a new connection each time, like those that its clients need, then one question. The only user of `pg`;
 * both are loaded with the first probe.
 */
import type { Socket } from 'node:net';
import { Client } from 'pg';
import { messageOf } from '../../../shared/result';
import type { ProbeResult, ServiceOf } from '../../../shared/services/service-schemas';
import { openSocket, placeOf, startTls } from './connect';
import { isFull, questionOf, serverErrorOf, toAnswer, toServerFault } from './postgresql-answer';
import { ProbeError, probed } from './prober';
import type { Found, Prober, ProbeParts, Trace } from './prober';
import { faultOf } from './socket-faults';

type Postgresql = ServiceOf<'postgresql'>;

/** SSLRequest (PostgreSQL's documentation, 55.7): length 8 and the code 80877103. The answer is one byte: S or N. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Asks whether the server has TLS. Rejects with a ProbeError. */
function hasTls(socket: Socket, where: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onData = (answer: Buffer): void => {
      const text = answer.toString('latin1');
      // Anything beyond the one byte came from somebody who wants it taken for encrypted (CVE-2021-23222).
      if (text === 'S' || text === 'N') resolve(text === 'S');
      else reject(new ProbeError('badAnswer', `${where} does not answer as PostgreSQL does`));
    };
    socket.once('data', onData);
    socket.once('error', (error) => reject(faultOf(error, where)));
    socket.once('close', () => reject(new ProbeError('reset', `${where} closed the connection without an answer`)));
    socket.write(SSL_REQUEST);
  });
}

/** A connection with TLS as the service wants it. */
async function connected(service: Postgresql, parts: ProbeParts, trace: Trace): Promise<{ readonly socket: Socket; readonly isEncrypted: boolean }> {
  const { host, port, tls, certificate, ca } = service;
  const where = placeOf(host, port);
  const plain = await openSocket(service, parts, trace);
  if (tls === 'off') return { socket: plain, isEncrypted: false };
  trace.doing = `asking ${where} for TLS`;
  try {
    if (!(await hasTls(plain, where))) {
      if (tls === 'require') throw new ProbeError('tls', `${where} has no TLS; turn it on there, or do not require it`);
      return { socket: plain, isEncrypted: false };
    }
  } catch (error) {
    // Nobody else closes it: the deadline does not come any more.
    plain.destroy();
    throw error;
  }
  const choice = tls === 'prefer' ? { certificate: 'unverified' as const, ca: null } : { certificate, ca };
  return { socket: await startTls(plain, host, choice, parts, trace), isEncrypted: true };
}

/** A socket that is connected already: told to connect, it says that it is. */
function handedOver(socket: Socket): Socket {
  return Object.assign(socket, {
    connect(): Socket {
      queueMicrotask(() => socket.emit('connect'));
      return socket;
    },
  });
}

/** The password, when the server asks for it. A function, so that neither the environment nor a file of the user is read for one. */
function passwordOf({ password }: ProbeParts['secrets'], { user }: Postgresql): () => string {
  return () => {
    if (password === undefined || password === '') throw new ProbeError('secretMissing', `the server asks for the password of "${user}"; enter it`);
    return password;
  };
}

function clientOf(service: Postgresql, parts: ProbeParts, socket: Socket): Client {
  const { host, port, user, database } = service;
  const client = new Client({ host, port, user, database, password: passwordOf(parts.secrets, service), ssl: false, stream: () => handedOver(socket), application_name: 'traywatch' });
  // One that comes after the answer, or beside a rejection, has nobody else to hear it, and would end the app.
  client.on('error', () => undefined);
  return client;
}

/** The row of the one statement that has one: the answers of several statements are a list. */
function rowOf(answer: unknown): unknown {
  const answers: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const rows = answers.flatMap((one): readonly unknown[] => (typeof one === 'object' && one !== null && 'rows' in one && Array.isArray(one.rows) ? one.rows : []));
  return rows[0];
}

function toFault(error: unknown, service: Postgresql, isEncrypted: boolean): ProbeError {
  if (error instanceof ProbeError) return error;
  const where = placeOf(service.host, service.port);
  const sent = serverErrorOf(error);
  if (sent !== null) return toServerFault(sent, { ...service, where, isEncrypted });
  if (messageOf(error).startsWith('Connection terminated')) return new ProbeError('reset', `${where} closed the connection`);
  if (/SCRAM|SASL/.test(messageOf(error))) return new ProbeError('authentication', `${where} could not prove that it knows the password`);
  return faultOf(error, where);
}

/** How long the server has to let the connection go, ms. */
const GOODBYE = 500;

/** Ends the connection, and waits for the server to have done so: it would be counted by the next probe, or be the one too many. */
function goodbye(client: Client, socket: Socket, { timers }: ProbeParts): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      socket.destroy();
      resolve();
    };
    const cancel = timers.after(GOODBYE, done);
    client.end().then(done, done);
  });
}

/** Probes. What is known of a server that has no connection left is how many it has: `mostOf` is told with each answer. */
export function createPostgresqlProber(): Prober<'postgresql'> {
  const mostOf = new Map<string, number>();
  const work = async (service: Postgresql, parts: ProbeParts, trace: Trace, onFull: () => void): Promise<Found> => {
    const { socket, isEncrypted } = await connected(service, parts, trace);
    const client = clientOf(service, parts, socket);
    try {
      trace.doing = 'signing in';
      await client.connect();
      trace.doing = 'waiting for the answer to the question';
      const { found, details } = toAnswer(rowOf(await client.query(questionOf(Math.max(1, parts.timeout - trace.elapsed())))), trace.elapsed());
      trace.details.push(...details);
      return found;
    } catch (error) {
      const sent = serverErrorOf(error);
      if (sent !== null && isFull(sent)) onFull();
      throw toFault(error, service, isEncrypted);
    } finally {
      await goodbye(client, socket, parts);
    }
  };
  return async (service, parts) => {
    const key = `${service.id} ${service.host} ${service.port}`;
    let isFullNow = false;
    const result: ProbeResult = await probed(parts, (trace) => work(service, parts, trace, () => (isFullNow = true)));
    if (result.connectionsMax !== null) mostOf.set(key, result.connectionsMax);
    const most = mostOf.get(key) ?? null;
    return isFullNow && result.fault === 'tooManyConnections' ? { ...result, connections: most, connectionsMax: most } : result;
  };
}
