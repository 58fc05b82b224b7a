/** Secrets of services are found nowhere: not in a file, the log, an event, an answer, an export, or what a server sent back. */
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { asyncProperty, assert, stringMatching } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRemoteView } from '../../../src/main/lan/remote-view';
import { createWorld, DATABASE, WEB } from '../../support/services';

let server: Server;
let origin = '';

beforeAll(async () => {
  // What it was sent comes back everywhere: status line, headers, an address to go to, and the body.
  server = createServer((request, response) => {
    const sent = request.headers.authorization ?? '';
    const isRedirect = request.url === '/redirect';
    response.writeHead(isRedirect ? 302 : 401, `No ${sent}`, { server: sent, ...(isRedirect ? { location: `/else?token=${sent}` } : {}) });
    response.end(`<p>Wrong token: ${sent}</p>\n${sent}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** The content of every file below a folder. */
function contentOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

/** Visible, as they are typed, and nothing that a URL or HTML writes otherwise. */
const secret = stringMatching(/^[A-Za-z0-9+_.~-]{12,40}$/);

describe('secrets of services', () => {
  it('are nowhere, whatever happens to what is probed with them', { timeout: 60_000 }, async () => {
    await assert(
      asyncProperty(secret, secret, async (header, password) => {
        const world = createWorld();
        const { call } = world;
        const caller = { id: 'window', role: 'local' } as const;
        const shown: unknown[] = [];
        for (const path of ['/redirect', '/wrong']) {
          const service = { ...WEB, id: `web-${path.length}`, url: origin + path, enabled: true };
          shown.push(await call('saveService', { service, secrets: { 'header:Authorization': header } }), await call('testService', { service }), await call('testService', { service, secrets: { 'header:Authorization': header } }));
        }
        const test = shown.at(-1);
        shown.push(await call('saveService', { service: { ...DATABASE, enabled: true }, secrets: { password } }), await call('testService', { service: DATABASE, secrets: { password } }));
        shown.push(await call('testService', { service: { ...WEB, url: 'http://127.0.0.1:1/', headers: [] }, secrets: { password } }).then(() => 'taken', String));
        const list = await call('services', {});
        const view = createRemoteView([]);
        shown.push(list, view.calls.services?.(list, 'admin'), await call('serviceConfigs', {}), await call('appState', {}), await call('events', { limit: 100 }), await call('diagnostics', { withNames: true }), await call('exportServices', {}));
        shown.push(world.core().workloads.services.source.read(), await world.core().handlers.snapshot({}, caller));
        world.core().store.commit();
        const everything = [JSON.stringify(shown), JSON.stringify(world.log()), contentOf(world.folder)].join('\n');
        world.close();
        expect(test).toMatchObject({ fault: 'status' });
        expect([everything.includes(header), everything.includes(password)]).toEqual([false, false]);
      }),
      { numRuns: 8 },
    );
  });

  it('would be found if they were there', async () => {
    const world = createWorld({ hasKeyring: false });
    await world.call('saveService', { service: DATABASE, secrets: { password: 'found-in-plain' } });
    expect(contentOf(world.folder)).toContain('found-in-plain');
    world.close();
  });
});
