/** Services in the running app: a real PostgreSQL server, for which pg is loaded in Electron as in Node, and a job that calls in. */
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { expect } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { listenForComplaints } from '../support/e2e/complaints';
import { share, test } from '../support/e2e/phone';
import { hasPostgresql, PostgresqlServer } from '../support/postgresql';

test('a database is watched, its password wrong and right, and told as a service like any other', async ({ start }) => {
  test.skip(!hasPostgresql(), 'PostgreSQL is not installed');
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

const PORT = 18_953;

/** Sends a request without any right but its address; resolves to the status. */
function callIn(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method: 'POST', agent: false, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', reject).end('12 files saved');
  });
}

test('a job calls in at the address that was made for it, which stands in no file', async ({ data, start }) => {
  const app = await start();
  const page = await app.page();
  await share(page, PORT);
  await ask(page, 'saveService', { service: { kind: 'heartbeat', id: 'backup-1', name: 'Backup' } });
  const [url = ''] = (await ask(page, 'newHeartbeat', { id: 'backup-1' })).urls;
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:18953\/api\/heartbeat\/[\w-]{43}$/);
  const first = async () => (await ask(page, 'services', {})).services[0];
  expect(await first()).toMatchObject({ isUp: null, notMeasured: 'pending' });
  expect(await callIn(`${url.slice(0, -43)}${'x'.repeat(43)}`)).toBe(404);
  expect(await callIn(url)).toBe(204);
  expect(await first()).toMatchObject({ isUp: true, result: { text: '12 files saved' } });
  expect(await app.quit()).toBe(0);
  const files = fs.readdirSync(data).filter((name) => /^(traywatch\.log|.*\.json|history\.sqlite.*)$/.test(name));
  expect(files).toEqual(expect.arrayContaining(['heartbeats.json', 'service-secrets.json', 'traywatch.log']));
  for (const name of files) expect(fs.readFileSync(path.join(data, name), 'latin1'), name).not.toContain(url.slice(-43));
});
