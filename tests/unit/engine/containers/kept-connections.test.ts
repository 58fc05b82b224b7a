/** Requests over connections that stay open, against servers on real sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemTimers } from '../../../../src/main/engine/clock';
import { createClient } from '../../../../src/main/engine/containers/client';
import type { EngineClient } from '../../../../src/main/engine/containers/client';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

async function listening(server: Server): Promise<EngineClient> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-kept-'));
  const path = join(folder, 'engine.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const client = createClient({ path }, systemTimers, true);
  ends.push(() => rmSync(folder, { recursive: true }), () => void server.close(), () => client.close());
  return client;
}

/** A server that does something for each request, which is one piece here; it counts its connections. */
async function rawEngine(onRequest: (socket: Socket, path: string, number: number) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    let number = 0;
    socket.on('error', () => undefined);
    socket.on('data', (data) => onRequest(socket, data.toString().split(' ')[1] ?? '', (number += 1)));
  });
  const client = await listening(server);
  ends.push(() => sockets.forEach((socket) => socket.destroy()));
  return { client, sockets };
}

const ok = (value: unknown): string => {
  const body = JSON.stringify(value);
  return `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

it('a hundred answers, small and large, come over four connections, each to its question', async () => {
  const connections = new Set<unknown>();
  const server = createHttpServer((request, response) => {
    connections.add(request.socket);
    expect(request.headers).toMatchObject({ host: 'localhost', 'user-agent': 'Docker-Client/1.0 (Traywatch)', accept: 'application/json' });
    const number = Number(request.url?.slice(1));
    response.write(`{"number":${number},`);
    response.end(`"filling":"${'é'.repeat(number % 10 === 0 ? 100_000 : 3)}"}`);
  });
  const client = await listening(server);
  const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => client.json(`/${at}`)));
  expect(answers.map((answer) => (answer as { number: number }).number)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  expect(answers[10]).toEqual({ number: 10, filling: 'é'.repeat(100_000) });
  expect(connections.size).toBe(4);
  ends.push(() => server.closeAllConnections());
});

it('a connection that the engine has closed meanwhile is no failure: the question is asked once more', async () => {
  const { client, sockets } = await rawEngine((socket, path, number) => {
    if (number === 1) socket.write(ok(path));
    else socket.destroy();
  });
  for (const path of ['/a', '/b', '/c']) expect(await client.json(path)).toBe(path);
  expect(sockets.length).toBe(3);
});

it('one that is closed at its first question is a failure', async () => {
  const { client, sockets } = await rawEngine((socket) => socket.destroy());
  await expect(client.json('/a')).rejects.toMatchObject({ name: 'EngineError', problem: 'broken' });
  expect(sockets.length).toBe(1);
});

it('so is an answer that ends in its middle, also over a connection that has answered before', async () => {
  const { client } = await rawEngine((socket, _path, number) => {
    if (number === 1) socket.write(ok('one'));
    else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
  });
  expect(await client.json('/a')).toBe('one');
  await expect(client.json('/b')).rejects.toMatchObject({ problem: 'broken', message: 'the connection was closed in the middle of the answer' });
});

it('an answer that does not come in time fails, what waits behind it goes on, and what comes late is nobody’s', async () => {
  const { client, sockets } = await rawEngine((socket, path) => {
    if (path === '/slow') setTimeout(() => socket.write(ok('slow')), 150);
    else socket.write(ok(path));
  });
  const slow = Array.from({ length: 4 }, () => client.json('/slow', { deadline: 50 }));
  const waiting = client.json('/next', { deadline: 5000 });
  for (const one of slow) await expect(one).rejects.toMatchObject({ problem: 'late', message: 'no answer within 0.05 s' });
  expect(await waiting).toBe('/next');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await client.json('/more')).toBe('/more');
  expect(sockets.length).toBe(5);
});

it('a question that waits for a connection has its deadline, too', async () => {
  const { client } = await rawEngine(() => undefined);
  const all = Array.from({ length: 6 }, () => client.json('/never', { deadline: 50 }));
  for (const one of all) await expect(one).rejects.toMatchObject({ problem: 'late' });
});

it('answers that end with the connection, refusals, and answers that are too long', async () => {
  const { client } = await rawEngine((socket, path) => {
    if (path === '/end') socket.end('HTTP/1.0 200 OK\r\n\r\n"all"');
    else if (path === '/refused') socket.write('HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n{"message":"not"}\r\n0\r\n\r\n');
    else socket.write(ok('x'.repeat(2000)));
  });
  expect(await client.json('/end')).toBe('all');
  await expect(client.json('/refused')).rejects.toMatchObject({ problem: 'refused', status: 409, message: 'not' });
  await expect(client.json('/long', { most: 1000 })).rejects.toMatchObject({ problem: 'broken', message: 'the answer is longer than 1000 bytes' });
  await expect(client.json('/with a space')).rejects.toMatchObject({ problem: 'broken' });
  expect(await client.json('/end')).toBe('all');
});

it('a client that is closed fails what it was asked, and opens nothing more', async () => {
  const { client, sockets } = await rawEngine(() => undefined);
  const asked = Array.from({ length: 6 }, () => client.json('/never'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  client.close();
  for (const one of asked) await expect(one).rejects.toMatchObject({ problem: 'broken' });
  await expect(client.json('/again')).rejects.toMatchObject({ problem: 'broken' });
  expect(sockets.length).toBe(4);
});

it('where nobody listens, each question says so', async () => {
  const client = createClient({ path: '/nowhere/engine.sock' }, systemTimers, true);
  ends.push(() => client.close());
  const asked = Array.from({ length: 6 }, () => client.json('/a'));
  for (const one of asked) await expect(one).rejects.toMatchObject({ problem: 'absent' });
});
