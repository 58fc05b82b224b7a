/** Connected clients: streams grouped by identity, and since when each has been connected. */
import { describe, expect, it } from 'vitest';
import { connectedClientsSchema } from '../../../src/shared/sharing/connected-client';
import { PresenceTracker } from '../../../src/main/lan/stream/presence';
import type { LiveConnection } from '../../../src/main/access/connected-clients';
import { connectedClients } from '../../../src/main/access/connected-clients';
import { FakeTime } from '../../support/collectors';
import { connect, requestText } from '../../support/raw-http';
import type { RawConnection } from '../../support/raw-http';
import { openLan } from '../../support/lan-server';

describe('a connected client', () => {
  const stream = (identity: string, more: Partial<LiveConnection> = {}): LiveConnection => ({ identity, name: identity, role: 'viewer', isToken: false, address: '10.0.0.1', interval: 5, since: 1000, ...more });

  it('is listed once, with the number of its tabs and its present name', () => {
    const streams = [stream('d2', { since: 5000, role: 'admin' }), stream('d1'), stream('d2', { since: 5000, role: 'admin', interval: 1, address: 'fd00::1' }), stream('t1', { isToken: true, name: 'Grafana', since: 9000 }), stream('d2', { since: 5000, role: 'admin' })];
    const find = (id: string) => (id === 'd2' ? { name: 'Anna’s phone', account: 'anna' } : null);
    expect(connectedClientsSchema.parse(connectedClients(streams, find))).toEqual([
      { id: 'd1', name: 'd1', kind: 'device', role: 'viewer', account: null, since: 1000, streams: 1, intervals: [5], addresses: ['10.0.0.1'] },
      { id: 'd2', name: 'Anna’s phone', kind: 'device', role: 'admin', account: 'anna', since: 5000, streams: 3, intervals: [1, 5], addresses: ['10.0.0.1', 'fd00::1'] },
      { id: 't1', name: 'Grafana', kind: 'token', role: 'viewer', account: null, since: 9000, streams: 1, intervals: [5], addresses: ['10.0.0.1'] },
    ]);
    expect(connectedClients([], find)).toEqual([]);
  });

  it('counts as connected throughout when it reconnects at once', () => {
    let now = 0;
    const presence = new PresenceTracker(() => now);
    presence.join('d1');
    now = 10_000;
    presence.join('d1');
    presence.leave('d1');
    expect(presence.since('d1')).toBe(0);
    presence.leave('d1');
    presence.leave('d1');
    expect(presence.since('d1')).toBeNull();
    now = 40_000;
    presence.join('d1');
    expect(presence.since('d1')).toBe(0);
    presence.leave('d1');
    now = 70_001;
    presence.join('d1');
    expect(presence.since('d1')).toBe(70_001);
  });

  it('has been connected since its first stream, also when a stream is replaced', async () => {
    const time = new FakeTime();
    const lan = await openLan({ clock: time, timers: time });
    const sockets: RawConnection[] = [];
    const watch = async (query: string): Promise<void> => {
      const connection = await connect(lan.port);
      sockets.push(connection);
      connection.socket.write(requestText('GET', `/api/stream?${query}`, { host: `127.0.0.1:${lan.port}`, authorization: 'Bearer admin1.read' }));
      await connection.until(/retry: 2000/);
    };
    try {
      await watch('interval=1&client=a');
      const began = time.now();
      expect(lan.lan.connections()).toEqual([{ identity: 'admin1', name: 'admin1', role: 'admin', isToken: true, address: '127.0.0.1', interval: 1, since: began }]);
      await time.pass(5000);
      await watch('interval=1&client=a');
      await watch('interval=9&client=b');
      expect(lan.lan.connections()).toMatchObject([
        { interval: 1, since: began },
        { interval: 9, since: began },
      ]);
      expect(time.now()).toBe(began + 5000);
    } finally {
      sockets.forEach(({ socket }) => socket.destroy());
      await lan.close();
    }
  });
});
