/** A hub for tests of reporting: takes reports by the schema, keeps a copy in memory by compare-and-append, and fails as told. */
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { reportJoinSchema, reportSchema } from '../../src/shared/machines/report-schemas';
import type { Report, ReportAnswer } from '../../src/shared/machines/report-schemas';
import type { HubAnswer, HubConnection } from '../../src/main/report/hub-connection';
import { issue } from './certificates';
import type { Issued } from './certificates';

/** What becomes of the next requests: answered, refused with a status, or stored without an answer that arrives. */
export type Trouble = 'none' | 'down' | 'lostAnswer' | number;

/** A row of the copy, as "time gap {values}". */
const rowText = (time: number, gap: string | undefined, values: Record<string, number>): string => `${time} ${gap ?? '-'} ${JSON.stringify(values, Object.keys(values).sort())}`;

/** The hub. */
export class FakeHub {
  readonly reports: Report[] = [];
  rows: { time: number; text: string }[] = [];
  events: { id: number; message: string }[] = [];
  readonly incidents = new Map<string, unknown>();
  trouble: Trouble = 'none';
  interval = 10_000;
  wantsAbout = false;
  newToken: string | null = null;
  readonly tokens: string[] = [];
  join: { state: 'pending' | 'approved' | 'denied' | 'expired'; token: string | null } = { state: 'approved', token: 'secret' };
  readonly joins: unknown[] = [];

  /** It is killed, and what it had not committed is lost. */
  lose(rows: number): void {
    const kept = Math.max(0, this.rows.length - rows);
    this.rows = this.rows.slice(0, kept);
    this.events = this.events.slice(0, Math.max(0, this.events.length - 1));
  }

  take(input: unknown): ReportAnswer {
    const report = reportSchema.parse(input);
    this.reports.push(report);
    for (const incident of report.incidents) this.incidents.set(incident.id, incident);
    const isNext = report.from === (this.rows.at(-1)?.time ?? null) && report.eventsFrom === (this.events.at(-1)?.id ?? null);
    if (isNext) this.#append(report);
    const { wantsAbout, newToken: token } = this;
    this.newToken = null;
    return { result: isNext ? 'stored' : 'elsewhere', from: this.rows.at(-1)?.time ?? null, eventsFrom: this.events.at(-1)?.id ?? null, interval: this.interval, hubTime: Date.now(), wantsAbout, token };
  }

  #append({ rows: { times, gaps, series }, events }: Report): void {
    times.forEach((time, i) => {
      const values = Object.fromEntries(Object.entries(series).flatMap(([key, column]) => (column[i] === null || column[i] === undefined ? [] : [[key, column[i]]])));
      this.rows.push({ time, text: rowText(time, gaps[i], values) });
    });
    this.events.push(...events.map(({ id, message }) => ({ id, message })));
  }

  /** A connection to it in this process. */
  connection(): HubConnection {
    return {
      send: async ({ body, headers }) => {
        await Promise.resolve();
        if (this.trouble === 'down') throw new Error('connect ECONNREFUSED');
        this.tokens.push(headers['authorization'] ?? '');
        return this.#respond(body);
      },
      close: () => undefined,
    };
  }

  #respond(body: Buffer | null): HubAnswer {
    if (typeof this.trouble === 'number') return { status: this.trouble, text: '{}', retryAfter: null };
    const answer = this.take(JSON.parse(gunzipSync(body ?? Buffer.alloc(0)).toString()));
    if (this.trouble === 'lostAnswer') throw new Error('socket hang up');
    return { status: 200, text: JSON.stringify({ ok: true, value: answer }), retryAfter: null };
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const path = (request.url ?? '').replace(/\?.*/, '');
    const send = (status: number, data: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data));
    if (path === '/api/report/join') {
      this.joins.push(reportJoinSchema.parse(JSON.parse(body.toString())));
      return typeof this.trouble === 'number' ? send(this.trouble, {}) : send(202, { id: 'one', ticket: 'ticket', hub: 'nas', expiresIn: 300_000 });
    }
    if (path === '/api/report/join/one') return request.headers['x-traywatch-ticket'] === 'ticket' ? send(200, this.join) : send(403, {});
    this.tokens.push(request.headers.authorization ?? '');
    try {
      const { status, text } = this.#respond(body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    } catch {
      response.destroy();
    }
  }
}

/** A hub behind a real TLS socket on this machine. */
export interface ServedHub {
  readonly hub: FakeHub;
  readonly url: string;
  readonly certificate: Issued;
  /** Requests that arrived, by path. */
  readonly requests: string[];
  /** Ends the server and all its connections. */
  stop(): Promise<void>;
  /** Starts it again at the same address, with this certificate or the one it had. */
  restart(certificate?: Issued): Promise<void>;
}

/** Serves a hub until the test ends. */
export async function serveHub(hub = new FakeHub()): Promise<ServedHub> {
  const certificate = await issue({ name: 'Traywatch on nas', hosts: ['127.0.0.1'] });
  const requests: string[] = [];
  let port = 0;
  let stop = (): Promise<void> => Promise.resolve();
  const start = async (shown: Issued): Promise<void> => {
    const server = createServer({ cert: shown.cert, key: shown.key }, (request, response) => {
      requests.push(request.url ?? '');
      void hub.answer(request, response);
    });
    const sockets = new Set<Socket>();
    // Also those that have not shaken hands.
    server.on('connection', (socket: Socket) => void sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)));
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    stop = () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
  };
  await start(certificate);
  onTestFinished(() => stop());
  return { hub, url: `https://127.0.0.1:${port}`, certificate, requests, stop: () => stop(), restart: (other = certificate) => start(other) };
}
