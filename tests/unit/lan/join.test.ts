/** Machines join over real sockets: a code, approval, and a token that lets them report and do nothing else. */
import type { FastifyInstance } from 'fastify';
import { onTestFinished, describe, expect, it } from 'vitest';
import type { ClientIdentity } from '../../../src/main/access/identity';
import { createAuthPlugin } from '../../../src/main/lan/auth/auth-plugin';
import { joinPendingSchema, joinStateSchema } from '../../../src/shared/machines/report-schemas';
import { openAccess } from '../../support/access';
import { openLan } from '../../support/lan-server';
import { createCallbackLog } from '../../support/log';

const MACHINE = 'a1'.repeat(16);

interface Sent {
  readonly status: number;
  readonly body: { readonly ok: boolean; readonly value?: unknown; readonly code?: string };
  readonly headers: Headers;
}

/** A server with access control of its own; `routes` are all that the app has, `reports` who got to the route of reports. */
async function openHub() {
  const harness = openAccess();
  const routes: { readonly method: string; readonly url: string; readonly isPublic: boolean }[] = [];
  const reports: (ClientIdentity | null)[] = [];
  const { authenticator, extend } = createAuthPlugin(harness.access, createCallbackLog(() => undefined));
  const lan = await openLan({
    authenticator,
    extend: async (app: FastifyInstance) => {
      await extend(app);
      app.post('/api/report', { config: { permission: { access: 'viewer', scopes: ['report'] } } }, (request) => {
        reports.push(request.identity);
        return { ok: true };
      });
      for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
        const [, url = '', methods = ''] = /(\/\S*|\*) \(([A-Z, ]+)\)/.exec(line) ?? [];
        for (const method of methods.split(', ')) if (url !== '') routes.push({ method, url, isPublic: false });
      }
    },
  });
  onTestFinished(async () => {
    await lan.close();
    harness.access.close();
  });
  const send = async (path: string, { body, headers = {}, method = body === undefined ? 'GET' : 'POST' }: { body?: unknown; headers?: Record<string, string>; method?: string } = {}): Promise<Sent> => {
    const response = await fetch(`${lan.origin}${path}`, { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text.startsWith('{') ? JSON.parse(text) : { ok: response.ok }) as Sent['body'] };
  };
  const ask = async (machine = MACHINE, name = 'nas') => {
    const { code } = harness.access.pairing.createCode();
    const answer = await send('/api/report/join', { body: { code, machine, name, version: '1.2.3' } });
    expect(answer.status).toBe(202);
    return joinPendingSchema.parse(answer.body.value);
  };
  const poll = async ({ id, ticket }: { id: string; ticket: string }, wait = 0) => {
    const answer = await send(`/api/report/join/${id}?wait=${wait}`, { headers: { 'x-traywatch-ticket': ticket } });
    return answer.status === 200 ? joinStateSchema.parse(answer.body.value) : answer.status;
  };
  const report = async (token: string) => (await send('/api/report', { body: {}, headers: { authorization: `Bearer ${token}` } })).status;
  return { ...harness, lan, routes, reports, send, ask, poll, report };
}

describe('a machine joins', () => {
  it('with a code, once a user has approved it, and reports with the token it is told', async () => {
    const hub = await openHub();
    const pending = await hub.ask(MACHINE, 'nas\u202E\n');
    expect(hub.access.summary().requests).toMatchObject([{ id: pending.id, name: 'nas', via: 'code', machine: { id: MACHINE, version: '1.2.3', isKnown: false } }]);
    expect(await hub.poll(pending)).toEqual({ state: 'pending', token: null });
    expect(await hub.poll({ ...pending, ticket: 'x'.repeat(43) })).toBe(404);
    const waiting = hub.poll(pending, 25);
    hub.access.pairing.decideMachine(pending.id, 'report');
    const { state, token } = (await waiting) as { state: string; token: string };
    expect(state).toBe('approved');
    expect(await hub.report(token)).toBe(200);
    expect(hub.reports).toMatchObject([{ name: 'nas', scopes: ['report'], machine: MACHINE }]);
  });
});
