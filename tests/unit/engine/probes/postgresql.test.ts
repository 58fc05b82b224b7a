/** A real PostgreSQL server: each of its states gives the right fault and word, and the probe recovers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectiveRules } from '../../../../src/shared/alerts/default-rules';
import { serviceReading } from '../../../../src/main/engine/collectors/service';
import { systemLookup } from '../../../../src/main/engine/probes/lookup';
import { createPostgresqlProber } from '../../../../src/main/engine/probes/postgresql';
import { questionOf, toAnswer, toServerFault } from '../../../../src/main/engine/probes/postgresql-answer';
import { systemClock, systemTimers } from '../../../../src/main/engine/clock';
import { createCertificate } from '../../../../src/main/lan/certificate';
import { serviceSchema } from '../../../../src/shared/services/service-schemas';
import type { ProbeResult, ServiceOf } from '../../../../src/shared/services/service-schemas';
import { SimulatedMachine } from '../../../support/evaluator';
import { hasPostgresql, PostgresqlServer } from '../../../support/postgresql';

const canRun = hasPostgresql();
const PASSWORD = 'correct horse battery';
const MOST = 12;

let server: PostgresqlServer;
let ca = '';

/** A primary of its own, and one that follows it. */
async function startPair(): Promise<readonly [PostgresqlServer, PostgresqlServer]> {
  const primary = await PostgresqlServer.start({ settings: ['max_wal_senders = 2', 'wal_level = replica'], hba: ['host all open 127.0.0.1/32 trust'] });
  await primary.sql('CREATE ROLE open LOGIN', 'CREATE TABLE written (at int)');
  return [primary, await primary.standby()];
}

const serviceOf = (fields: object = {}): ServiceOf<'postgresql'> =>
  serviceSchema.parse({ kind: 'postgresql', id: 'db', name: 'Database', host: '127.0.0.1', port: server.port, user: 'watcher', tls: 'off', ...fields }) as ServiceOf<'postgresql'>;

const prober = createPostgresqlProber();
async function probe(fields: object = {}, password: string | null = PASSWORD, timeout = 5000): Promise<ProbeResult> {
  const ending = new AbortController();
  const deadline = setTimeout(() => ending.abort(), timeout);
  try {
    return await prober(serviceOf(fields), {
      clock: systemClock, timers: systemTimers, signal: ending.signal, timeout, secrets: password === null ? {} : { password }, lookup: systemLookup(),
      programs: { read: () => Promise.reject(new Error('none is started')) }, platform: 'linux',
    });
  } finally {
    clearTimeout(deadline);
    ending.abort();
  }
}

const faultOf = ({ ok, fault, latency, text }: ProbeResult) => ({ ok, fault, latency, text });

beforeAll(async () => {
  if (!canRun) return;
  const pair = await createCertificate({ names: ['db.example'], addresses: ['127.0.0.1'] }, Date.now());
  ca = pair.cert;
  server = await PostgresqlServer.start({
    settings: [`max_connections = ${MOST + 3}`, 'superuser_reserved_connections = 3', 'max_wal_senders = 0', 'ssl = on', "ssl_cert_file = 'tw.crt'", "ssl_key_file = 'tw.key'"],
    files: { 'tw.crt': pair.cert, 'tw.key': pair.key },
    hba: [
      'hostssl all encrypted 127.0.0.1/32 scram-sha-256',
      'host all old 127.0.0.1/32 md5',
      'host all open 127.0.0.1/32 trust',
      'host all watcher,seer,reader,few 127.0.0.1/32 scram-sha-256',
    ],
  });
  await server.sql(`
    CREATE ROLE watcher LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE seer LOGIN PASSWORD '${PASSWORD}'; GRANT pg_monitor TO seer;
    CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'; ALTER ROLE reader SET default_transaction_read_only = on;
    CREATE ROLE few LOGIN PASSWORD '${PASSWORD}' CONNECTION LIMIT 0; CREATE ROLE encrypted LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE open LOGIN;
    SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD '${PASSWORD}';`, 'CREATE DATABASE closed', 'REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
}, 60_000);

afterAll(async () => {
  if (canRun) await server.remove();
});

describe.skipIf(!canRun)('a PostgreSQL server', () => {
  it('tells its connections, and how long connecting and asking took', async () => {
    const result = await probe({ user: 'seer' });
    expect(result).toMatchObject({ ok: true, fault: null, text: `0 of ${MOST} connections`, connections: 0, connectionsMax: MOST, connectionsActive: 0, connectionsIdleInTransaction: 0, replicationLagSeconds: null, tls: null, certificateDays: null });
    expect(result.connect).toBeGreaterThan(0);
    expect(result.latency).toBeGreaterThan(result.connect ?? Infinity);
    expect(result.details.join('\n')).toMatch(/PostgreSQL \d+/);
  });

  it('shows what others do to a role that may see it, and to another only how many there are', async () => {
    await server.open(3, 'watcher', PASSWORD);
    await server.onLast('BEGIN');
    expect(await probe({ user: 'seer' })).toMatchObject({ connections: 3, connectionsActive: 0, connectionsIdleInTransaction: 1 });
    const blind = await probe({ user: 'reader' });
    expect(blind).toMatchObject({ ok: true, connections: 3, connectionsMax: MOST, connectionsActive: null, connectionsIdleInTransaction: null });
    expect(blind.details.join('\n')).toContain('pg_monitor');
    await server.closeAll();
  });

  it.each([['watcher', 'SCRAM'], ['old', 'MD5'], ['open', 'no password'], ['reader', 'SCRAM, as a read-only role']])('lets "%s" in by %s', async (user) => {
    expect(await probe({ user }, user === 'open' ? null : PASSWORD)).toMatchObject({ ok: true, fault: null });
  });

  it('without the right password, user, database or right says which', async () => {
    expect(faultOf(await probe({}, 'wrong password'))).toEqual({ ok: false, fault: 'authentication', latency: null, text: `the password of "watcher" is wrong, says 127.0.0.1:${server.port}` });
    expect(faultOf(await probe({ user: 'old' }, 'wrong password'))).toMatchObject({ fault: 'authentication' });
    expect(await probe({}, null)).toMatchObject({ ok: false, fault: 'secretMissing', text: expect.stringContaining('password of "watcher"') });
    expect(await probe({ user: 'nobody' })).toMatchObject({ ok: false, fault: 'notPermitted', text: expect.stringContaining('pg_hba.conf') });
    expect(await probe({ database: 'nothing' })).toMatchObject({ ok: false, fault: 'other', text: expect.stringContaining('no database "nothing"') });
    expect(await probe({ database: 'closed' })).toMatchObject({ ok: false, fault: 'notPermitted', text: expect.stringContaining('"closed"') });
  });

  it('with TLS is checked as the service wants', async () => {
    expect(await probe({ tls: 'prefer' })).toMatchObject({ ok: true, tls: expect.any(Number), certificateDays: expect.any(Number) });
    expect(await probe({ tls: 'require', certificate: 'verify' })).toMatchObject({ ok: false, fault: 'certificate', text: expect.stringContaining('self-signed'), certificateDays: expect.any(Number) });
    expect(await probe({ tls: 'require', certificate: 'ownCa', ca })).toMatchObject({ ok: true });
    expect(await probe({ tls: 'require', certificate: 'unverified' })).toMatchObject({ ok: true });
    expect(await probe({ user: 'encrypted', tls: 'off' })).toMatchObject({ ok: false, fault: 'notPermitted', text: expect.stringContaining('without TLS') });
    expect(await probe({ user: 'encrypted', tls: 'prefer' })).toMatchObject({ ok: true });
  });

  it('that is stopped refuses, one that hangs does not answer, and one that is back does', async () => {
    server.signal('SIGSTOP');
    const hung = await probe({}, PASSWORD, 700);
    server.signal('SIGCONT');
    expect(faultOf(hung)).toEqual({ ok: false, fault: 'timeout', latency: null, text: 'no answer within 0.7 s: signing in' });
    expect(await probe()).toMatchObject({ ok: true });
    await server.down();
    expect(faultOf(await probe())).toEqual({ ok: false, fault: 'refused', latency: null, text: `connection refused by 127.0.0.1:${server.port}` });
    await server.up();
    expect(await probe()).toMatchObject({ ok: true });
  });

  it('that goes away while it is asked is a fault and no error that nobody hears', async () => {
    await server.sql('ALTER ROLE open SET search_path = public');
    await server.open(1, 'open', '');
    await server.onLast('BEGIN; SELECT 1');
    const asked = probe({ user: 'open' });
    await Promise.all([asked, server.down()]);
    await server.up();
    await server.closeAll();
    expect(await probe({ user: 'open' })).toMatchObject({ ok: true });
  });

  it('without TLS is not asked where TLS is required', async () => {
    await server.sql("ALTER SYSTEM SET ssl = off");
    await server.down();
    await server.up();
    expect(await probe({ tls: 'require', certificate: 'unverified' })).toMatchObject({ ok: false, fault: 'tls', text: expect.stringContaining('has no TLS') });
    expect(await probe({ tls: 'prefer' })).toMatchObject({ ok: true, tls: null });
  });

  it('with no connection left for a role alone says nothing of how many there are', async () => {
    expect(await probe({ user: 'few' })).toMatchObject({ ok: false, fault: 'tooManyConnections', connections: null, connectionsMax: null });
  });

  it('whose connections are used up fires the default rule, and it ends when they are closed', async () => {
    const rule = effectiveRules([]).find(({ id }) => id === 'service-connections');
    if (rule === undefined) throw new Error('there is no such rule');
    const machine = new SimulatedMachine(rule);
    const watch = async (seconds: number): Promise<ProbeResult> => {
      const result = await probe({ user: 'watcher' });
      const reading = serviceReading({ services: [{ device: 'db', label: 'Database', kind: 'postgresql', isUp: true, notMeasured: null, result }], networkLost: null });
      machine.run(seconds, 'service', () => reading, 10);
      return result;
    };
    await watch(120);
    expect(machine.lines).toEqual([]);
    await server.open(10, 'watcher', PASSWORD);
    expect(await watch(120)).toMatchObject({ connections: 10, connectionsMax: MOST });
    expect(machine.lines.map((line) => line.replace(/^\d+ /, ''))).toEqual(['fired warning']);
    await server.open(2, 'watcher', PASSWORD);
    const full = await watch(120);
    expect(full).toMatchObject({ ok: false, fault: 'tooManyConnections', latency: null, connections: MOST, connectionsMax: MOST });
    expect(machine.lines.map((line) => line.replace(/^\d+ /, ''))).toEqual(['fired warning', 'escalated critical']);
    await server.closeAll();
    expect(await watch(300)).toMatchObject({ ok: true, connections: 0 });
    expect(machine.lines.map((line) => line.replace(/^\d+ /, '')).at(-1)).toBe('resolved');
  });
});

describe.skipIf(!canRun)('a standby', { timeout: 60_000 }, () => {
  it('is not behind while it follows, and is once it does not', async () => {
    const [primary, standby] = await startPair();
    try {
      const ask = () => probe({ user: 'open', port: standby.port }, null);
      await primary.sql('INSERT INTO written VALUES (1)');
      let following = await ask();
      // It has replayed the copy, and not yet begun to follow.
      for (let left = 100; left > 0 && following.replicationLagSeconds !== 0; left -= 1) following = await ask();
      expect(following).toMatchObject({ ok: true, replicationLagSeconds: 0, details: expect.arrayContaining(['The standby is 0.0 s behind']) });
      expect(await probe({ user: 'open', port: primary.port }, null)).toMatchObject({ ok: true, replicationLagSeconds: null });
      await primary.down();
      let alone = await ask();
      for (let left = 100; left > 0 && alone.replicationLagSeconds === 0; left -= 1) alone = await ask();
      expect(alone.replicationLagSeconds).toBeGreaterThan(0);
      expect((await ask()).replicationLagSeconds).toBeGreaterThan(alone.replicationLagSeconds ?? Infinity);
    } finally {
      await standby.remove();
      await primary.remove();
    }
  });
});

describe('what a server answers', () => {
  const row = { used: 5, active: 1, idle_in_transaction: 2, hidden: 0, most: 97, is_standby: false, lag: null, version: '16.2' };

  it('that is none of PostgreSQL is no answer', () => {
    for (const wrong of [undefined, null, {}, { ...row, used: '5' }, { ...row, most: null }]) expect(() => toAnswer(wrong, 1)).toThrow('as PostgreSQL does');
  });

  it('of a standby tells how far it is behind', () => {
    expect(toAnswer({ ...row, is_standby: true, lag: 12.34 }, 3).found).toMatchObject({ replicationLagSeconds: 12.34, latency: 3 });
    expect(toAnswer({ ...row, is_standby: true }, 3)).toMatchObject({ found: { replicationLagSeconds: null }, details: expect.arrayContaining(['The standby has replayed nothing yet']) });
  });

  it('is asked for within the time that is left', () => {
    expect(questionOf(1499.6)).toContain('statement_timeout = 1500;');
    expect(questionOf(0)).toContain('statement_timeout = 1;');
  });

  it('as an error that is not known is told by its code', () => {
    expect(toServerFault({ code: 'XX000', routine: null }, { where: 'db:5432', user: 'u', database: 'd', isEncrypted: false })).toMatchObject({ fault: 'other', message: 'db:5432 refuses with the error XX000' });
  });
});
