/** Tests of what becomes of a connection to a server that is none of PostgreSQL, or has no TLS: the deadline never comes to close it. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../../../src/main/engine/clock';
import { systemLookup } from '../../../../src/main/engine/probes/lookup';
import { createPostgresqlProber } from '../../../../src/main/engine/probes/postgresql';
import { serviceSchema } from '../../../../src/shared/services/service-schemas';
import type { ServiceOf } from '../../../../src/shared/services/service-schemas';

describe('a server that is refused before TLS', () => {
  it.each([['N', 'tls'], ['HTTP/1.1 400 Bad Request', 'badAnswer']])('is left: %s', async (answer, fault) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const service = serviceSchema.parse({ kind: 'postgresql', id: 'db', name: 'Database', host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'watcher', tls: 'require' }) as ServiceOf<'postgresql'>;
    const result = await createPostgresqlProber()(service, {
      clock: systemClock, timers: systemTimers, signal: new AbortController().signal, timeout: 5000, secrets: {}, lookup: systemLookup(),
      programs: { read: () => Promise.reject(new Error('none is started')) }, platform: 'linux',
    });
    expect(result).toMatchObject({ ok: false, fault });
    const [socket] = sockets;
    if (socket === undefined) throw new Error('nobody connected');
    if (!socket.closed) await once(socket, 'close');
    expect(socket.closed).toBe(true);
    server.close();
  });
});
