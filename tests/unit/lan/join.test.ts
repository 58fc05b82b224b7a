/** Machines join over real sockets: a code, approval, and a token that lets them report and do nothing else. */
import type { FastifyInstance } from 'fastify';
import { onTestFinished, describe, expect, it } from 'vitest';
import { MAX_CODE_ATTEMPTS_PER_ADDRESS } from '../../../src/main/access/pairing-code';
import { createAuthPlugin } from '../../../src/main/lan/auth/auth-plugin';
import { SCOPE_NAMES } from '../../../src/shared/sharing/auth-policy';
import { joinPendingSchema, joinStateSchema, REPORT_VERSION } from '../../../src/shared/machines/report-schemas';
import type { Report, ReportAnswer } from '../../../src/shared/machines/report-schemas';
import { eventTypesOf, openAccess, pairDevice } from '../../support/access';
import { openLan } from '../../support/lan-server';
import { createCallbackLog } from '../../support/log';
import { MACHINES } from '../../support/machines';

const [NAS = '', PI = ''] = MACHINES;

/** A report with nothing in it. */
const reportOf = (machine: string): Report => ({
  v: REPORT_VERSION,
  machine,
  run: 'run-0001',
  seq: 1,
  sentAt: 1,
  boot: null,
  state: 'running',
  about: null,
  live: null,
  from: null,
  rows: { times: [], gaps: {}, series: {} },
  behind: 0,
  eventsFrom: null,
  events: [],
  incidents: [],
});
const ANSWER: ReportAnswer = { result: 'stored', from: null, eventsFrom: null, interval: 10_000, hubTime: 1, wantsAbout: false, token: null };

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly value: unknown;
}

/** Methods and addresses of all routes, of the tree that the library prints. */
function routesOf(tree: string): readonly (readonly [method: string, url: string])[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^((?:[│ ] {3})*)[├└]── (\S+) \(([A-Z, ]+)\)/.exec(line) ?? [];
    const depth = indent.length / 4;
    parents.length = depth;
    parents.push(part);
    return part === '' ? [] : methods.split(', ').map((method) => [method, parents.join('')] as const);
  });
}

/** A server with access control of its own; `reports` are the machines whose reports it took. */
async function openHub() {
  const harness = openAccess();
  const reports: string[] = [];
  let routes: ReturnType<typeof routesOf> = [];
  const { authenticator, extend } = createAuthPlugin(harness.access, createCallbackLog(() => undefined));
  const lan = await openLan({
    authenticator,
    report: (machine) => {
      reports.push(machine);
      return Promise.resolve(ANSWER);
    },
    extend: async (app: FastifyInstance) => {
      await extend(app);
      routes = routesOf(app.printRoutes({ commonPrefix: false }));
    },
  });
  onTestFinished(async () => {
    harness.access.close();
    await lan.close();
  });
  const send = async (path: string, { body, headers = {}, method = body === undefined ? 'GET' : 'POST' }: { body?: unknown; headers?: Record<string, string>; method?: string } = {}): Promise<Sent> => {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${lan.origin}${path}`, { method, headers: { ...type, ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, text, value: text.startsWith('{') ? (JSON.parse(text) as { value?: unknown }).value : undefined };
  };
  const tryCode = (code: string, machine = NAS) => send('/api/report/join', { body: { code, machine, name: 'nas', version: '1.2.3' } });
  const ask = async (machine = NAS) => {
    const { status, value } = await tryCode(harness.access.pairing.createCode().code, machine);
    expect(status).toBe(202);
    return joinPendingSchema.parse(value);
  };
  const poll = async ({ id, ticket }: { id: string; ticket: string }, wait = 0) => {
    const { status, value } = await send(`/api/report/join/${id}?wait=${wait}`, { headers: { 'x-traywatch-ticket': ticket } });
    return status === 200 ? joinStateSchema.parse(value) : status;
  };
  const join = async (machine = NAS): Promise<string> => {
    const pending = await ask(machine);
    harness.access.pairing.decideMachine(pending.id, 'report');
    const state = await poll(pending);
    if (typeof state === 'number' || state.token === null) throw new Error(`not joined: ${JSON.stringify(state)}`);
    return state.token;
  };
  const report = async (token: string, machine = NAS) => (await send('/api/report', { body: reportOf(machine), headers: { authorization: `Bearer ${token}` } })).status;
  return { ...harness, origin: lan.origin, routes, reports, send, tryCode, ask, poll, join, report };
}

describe('a machine joins', () => {
  it('with a code, once a user has approved it, and reports with the token it is told', async () => {
    const hub = await openHub();
    const pending = await hub.ask();
    expect(pending.hub).not.toBe('');
    expect(await hub.poll(pending)).toEqual({ state: 'pending', token: null });
    expect(await hub.poll({ ...pending, ticket: 'x'.repeat(43) })).toBe(404);
    expect((await hub.send(`/api/report/join/${pending.id}`)).status).toBe(404);
    const waiting = hub.poll(pending, 25);
    await hub.poll({ ...pending, ticket: 'x'.repeat(43) }, 25);
    hub.access.pairing.decideMachine(pending.id, 'report');
    const state = await waiting;
    if (typeof state === 'number') throw new Error(String(state));
    expect(state.state).toBe('approved');
    expect(await hub.report(state.token ?? '')).toBe(200);
    expect(await hub.report(state.token ?? '', PI)).toBe(403);
    expect(hub.reports).toEqual([NAS]);
  });

  it('not where it is denied, nor with a code that is wrong, used or made for nobody any more', async () => {
    const hub = await openHub();
    const pending = await hub.ask();
    hub.access.pairing.decideMachine(pending.id, 'denied');
    expect(await hub.poll(pending, 25)).toEqual({ state: 'denied', token: null });
    expect((await hub.tryCode('000000')).status).toBe(403);
    const { code } = hub.access.pairing.createCode();
    expect((await hub.tryCode(code)).status).toBe(202);
    expect((await hub.tryCode(code, PI)).status).toBe(403);
    expect(hub.access.machines.list()).toEqual([]);
  });

  it('under the limits of browsers: wrong codes of both count together', async () => {
    const hub = await openHub();
    const { code } = hub.access.pairing.createCode();
    const wrong = code === '123456' ? '654321' : '123456';
    expect((await hub.send('/api/auth/pair', { body: { code: wrong, name: 'Phone' } })).status).toBe(403);
    for (let tries = 1; tries < MAX_CODE_ATTEMPTS_PER_ADDRESS; tries += 1) expect((await hub.tryCode(wrong)).status).toBe(403);
    expect((await hub.tryCode(code)).status).toBe(429);
    expect((await hub.send('/api/auth/pair', { body: { code, name: 'Phone' } })).status).toBe(429);
    hub.access.close();
    expect(eventTypesOf(hub).filter((type) => type === 'lan_pairing_failed')).toHaveLength(1);
    expect(hub.events.at(-1)?.message).toMatch(/^5 wrong pairing codes from 127\.0\.0\.1/);
  });

  it.each([
    ['nothing', null],
    ['no machine', { code: '123456', name: 'nas', version: '1' }],
    ['the link of a QR code', { secret: 'x'.repeat(43), machine: NAS, name: 'nas', version: '1' }],
    ['an id that is none', { code: '123456', machine: '../../etc', name: 'nas', version: '1' }],
    ['an endless name', { code: '123456', machine: NAS, name: 'n'.repeat(201), version: '1' }],
    ['a code that is a number', { code: 123_456, machine: NAS, name: 'nas', version: '1' }],
  ])('%s is refused without repeating what was sent', async (_what, body) => {
    const hub = await openHub();
    hub.access.pairing.createCode();
    const { status, text } = await hub.send('/api/report/join', { body });
    expect(status).toBe(400);
    expect(text).not.toMatch(/123456|etc|nas|xxx/);
    expect(hub.access.pairing.activeCode()?.triesLeft).toBe(18);
  });

  it('and fetches its token again where the answer was lost', async () => {
    const hub = await openHub();
    const pending = await hub.ask();
    hub.access.pairing.decideMachine(pending.id, 'report');
    const [lost, again] = [await hub.poll(pending), await hub.poll(pending)];
    if (typeof lost === 'number' || typeof again === 'number') throw new Error('not approved');
    expect([await hub.report(lost.token ?? ''), await hub.report(again.token ?? '')]).toEqual([401, 200]);
  });

  it('the routes of browsers do not know its request, nor its own those of browsers', async () => {
    const hub = await openHub();
    const pending = await hub.ask();
    hub.access.pairing.decideMachine(pending.id, 'report');
    expect((await hub.send(`/api/auth/pair/${pending.id}`, { headers: { cookie: `__Secure-traywatch-pair=${pending.ticket}; traywatch-pair=${pending.ticket}` } })).status).toBe(404);
    const { request } = pairDevice(hub, { role: 'admin' });
    expect(await hub.poll(request)).toBe(404);
    expect(hub.access.devices.list()).toHaveLength(1);
    expect(hub.access.machines.list()).toEqual([]);
  });
});

describe('the token of a machine', () => {
  /** What needs no token. */
  const PUBLIC = /^\/api\/(?:auth\/(?:pair|pair\/:id|login|refresh|logout|me)|heartbeat\/:token|report\/join|report\/join\/:id)$/;

  it('is accepted by the route of reports alone: all others refuse it, or answer as without one', async () => {
    const hub = await openHub();
    const token = await hub.join();
    expect(hub.routes.length).toBeGreaterThan(60);
    const accepted: string[] = [];
    for (const [method, url] of hub.routes) {
      const path = url.replace(':family', 'cpu').replace(':id', 'r0000000000000000').replace(':token', 'x').replace(/\/?\*$/, '/x');
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: {} };
      const withToken = await hub.send(path, { method, ...body, headers: { authorization: `Bearer ${token}` } });
      if (!PUBLIC.test(url)) {
        if (withToken.status !== 403) accepted.push(`${method} ${url}`);
        continue;
      }
      const without = await hub.send(path, { method, ...body });
      expect([method, url, withToken.status, withToken.value]).toEqual([method, url, without.status, without.value]);
    }
    expect(accepted).toEqual(['POST /api/report']);
    expect(hub.reports).toEqual([]);
  });

  it('ends at once when it is revoked', async () => {
    const hub = await openHub();
    const token = await hub.join();
    const other = await hub.join(PI);
    hub.access.machines.revoke(NAS);
    expect([await hub.report(token), await hub.report(other, PI)]).toEqual([401, 200]);
  });

  it('nobody else reports: neither a browser, nor an API token with all scopes, nor one without any', async () => {
    const hub = await openHub();
    const { token } = hub.access.tokens.create('script', SCOPE_NAMES, 3);
    expect(await hub.report(token)).toBe(403);
    const { tokens } = pairDevice(hub, { role: 'admin' });
    const cookie = `__Host-traywatch=${tokens.access}; traywatch=${tokens.access}`;
    expect((await hub.send('/api/settings', { headers: { cookie } })).status).toBe(200);
    expect((await hub.send('/api/report', { body: {}, headers: { cookie, origin: hub.origin } })).status).toBe(403);
    expect((await hub.send('/api/report', { body: {} })).status).toBe(401);
    expect(hub.reports).toEqual([]);
  });
});
