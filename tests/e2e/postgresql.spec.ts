/** A real PostgreSQL server watched by the packaged bundles: pg is loaded with its first probe, in Electron as in Node. */
import { expect } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { listenForComplaints } from '../support/e2e/complaints';
import { test } from '../support/e2e/phone';
import { hasPostgresql, PostgresqlServer } from '../support/postgresql';

test.skip(!hasPostgresql(), 'PostgreSQL is not installed');

test('a database is watched, its password wrong and right, and told as a service like any other', async ({ start }) => {
  const server = await PostgresqlServer.start({ hba: ['host all watcher 127.0.0.1/32 scram-sha-256'], settings: ['max_connections = 20'] });
  try {
    await server.sql("CREATE ROLE watcher LOGIN PASSWORD 'right'");
    const app = await start();
    const complaints = await listenForComplaints(app.electron);
    const page = await app.page();
    const service = { kind: 'postgresql', id: 'orders-1', name: 'Orders', host: '127.0.0.1', port: server.port, user: 'watcher', intervalSeconds: 10 } as const;
    expect(await ask(page, 'testService', { service, secrets: { password: 'wrong' } })).toMatchObject({ ok: false, fault: 'authentication' });
    const configs = await ask(page, 'saveService', { service, secrets: { password: 'right' } });
    expect(configs).toMatchObject([{ storedSecrets: ['password'] }]);
    const first = async () => (await ask(page, 'services', {})).services[0];
    await expect.poll(async () => (await first())?.isUp, { timeout: 30_000 }).toBe(true);
    expect(await first()).toMatchObject({ name: 'Orders', result: { ok: true, connectionsMax: 17 } });
    expect(complaints()).toEqual([]);
    expect(await app.quit()).toBe(0);
  } finally {
    await server.remove();
  }
});
