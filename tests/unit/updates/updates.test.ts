import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Updates } from '../../../src/main/updates/index';
import { MAX_DOCUMENT_BYTES } from '../../../src/main/updates/update-document';
import { documentOf, startUpdateServer } from '../../support/update-server';
import type { UpdateAnswer } from '../../support/update-server';
import { createUpdateWorld, HOUR, IMAGE, UPDATE_NOON, useUpdates } from '../../support/updates';

const { rig, releaseOf, serve, open } = useUpdates();

/** Waits until a check that began by itself has ended. */
async function settled(updates: Updates, requests: number): Promise<void> {
  await expect.poll(() => [rig.server.requests.length, updates.status().phase]).toEqual([requests, 'idle']);
}

describe('a check for updates', () => {
  it('finds a newer version, writes it into the timeline once, and says so to the page', async () => {
    serve(documentOf(releaseOf('0.2.0')));
    const { updates, world } = open();
    await updates.check();
    await updates.check();
    expect(updates.status()).toMatchObject({ method: 'self', current: '0.1.0', phase: 'idle', problem: null, checkedAt: UPDATE_NOON, offer: { version: '0.2.0', file: 'Traywatch-0.2.0.AppImage', bytes: IMAGE.length } });
    expect(world.events).toEqual([{ type: 'update_found', message: 'Traywatch 0.2.0 is available', details: { version: '0.2.0' } }]);
    expect(world.statuses.map(({ phase }) => phase)).toEqual(['checking', 'idle', 'checking', 'idle']);
    await updates.openPage();
    expect(world.pages).toEqual([`${rig.server.url}/page`]);
  });

  it('sends nothing that tells one copy from another, however often it asks', async () => {
    serve({ kind: 'body', body: documentOf(releaseOf('0.2.0')), headers: { etag: '"an-id-of-this-copy"', 'set-cookie': 'id=1', 'last-modified': new Date(UPDATE_NOON).toUTCString() } });
    for (let run = 0; run < 3; run += 1) await open().updates.check();
    const [first, ...others] = rig.server.requests.map(({ path, headers }) => ({ path, headers: { ...headers, host: '' } }));
    expect(others).toEqual([first, first]);
    expect(first?.path).toBe('/stable.json');
    // accept-language and sec-fetch-mode are those that Node sends for everybody.
    const own = Object.entries(first?.headers ?? {}).filter(([name]) => !['host', 'connection', 'accept-encoding', 'accept-language', 'sec-fetch-mode', 'pragma', 'cache-control'].includes(name));
    expect(Object.fromEntries(own)).toEqual({ accept: 'application/json', 'user-agent': 'Traywatch' });
  });

  it.each(['0.1.0', '0.0.9', '0.0.1'])('offers no version that is not newer: %s', async (version) => {
    serve(documentOf(releaseOf(version)));
    const { updates, world } = open();
    await updates.check();
    expect(updates.status()).toMatchObject({ offer: null, problem: null, checkedAt: UPDATE_NOON });
    expect(world.events).toEqual([]);
    expect(() => updates.download()).toThrow('no update');
  });

  it('takes an offer back when the version was withdrawn', async () => {
    serve(documentOf(releaseOf('0.3.0')));
    const { updates } = open();
    await updates.check();
    serve(documentOf(releaseOf('0.1.0')));
    await updates.check();
    expect(updates.status().offer).toBeNull();
  });

  it('is not taken back by an older document, which was signed as well', async () => {
    serve(documentOf(releaseOf('0.3.0', { released: UPDATE_NOON })));
    const { updates } = open();
    await updates.check();
    serve(documentOf(releaseOf('0.2.0', { released: UPDATE_NOON - 1 })));
    await updates.check();
    expect(updates.status()).toMatchObject({ offer: { version: '0.3.0' }, problem: { code: 'older' } });
  });

  const failures: [name: string, answer: () => UpdateAnswer | string, code: string][] = [
    ['a page of a captive portal', () => '<html>Sign in</html>', 'malformed'],
    ['a redirect to another place', () => ({ kind: 'redirect', to: `${rig.server.url}/elsewhere.json` }), 'redirected'],
    ['a redirect to the right document', () => ({ kind: 'redirect', to: `${rig.server.url}/right.json` }), 'redirected'],
    ['nothing there', () => ({ kind: 'status', status: 404 }), 'refused'],
    ['a failing server', () => ({ kind: 'status', status: 500 }), 'refused'],
    ['an answer without content', () => ({ kind: 'status', status: 204 }), 'refused'],
    ['a server that never answers', () => ({ kind: 'hang' }), 'timedOut'],
    ['a server that stops half-way', () => ({ kind: 'stall', body: Buffer.from(documentOf(releaseOf('0.2.0'))), bytes: 100 }), 'timedOut'],
    ['a connection that is cut', () => ({ kind: 'cut', body: Buffer.from(documentOf(releaseOf('0.2.0'))), bytes: 100 }), 'unreachable'],
    ['a connection that is reset', () => ({ kind: 'reset' }), 'unreachable'],
    ['far too much', () => ({ kind: 'body', body: Buffer.alloc(MAX_DOCUMENT_BYTES * 4, 'x') }), 'tooLarge'],
    ['little that becomes far too much', () => ({ kind: 'body', body: gzipSync(Buffer.alloc(50_000_000)), headers: { 'content-encoding': 'gzip' } }), 'tooLarge'],
    ['bytes that are no text', () => ({ kind: 'body', body: Buffer.from([0xff, 0xfe, 0x00]) }), 'malformed'],
    ['a document of another channel', () => documentOf(releaseOf('0.2.0', { channel: 'nightly' })), 'otherChannel'],
  ];
  it.each(failures)('that gets %s changes nothing that is known, and says what is wrong', async (_name, answer, code) => {
    const made = createUpdateWorld();
    made.world.deadline = 400;
    serve(documentOf(releaseOf('0.2.0')));
    const { updates, world } = open({}, made);
    await updates.check();
    rig.server.answers.set('/right.json', { kind: 'body', body: documentOf(releaseOf('0.4.0')) });
    serve(answer());
    await updates.check();
    expect(updates.status()).toMatchObject({ phase: 'idle', problem: { code }, offer: { version: '0.2.0' }, checkedAt: UPDATE_NOON });
    // Nothing was asked elsewhere.
    expect(rig.server.requests.map(({ path }) => path)).toEqual(['/stable.json', '/stable.json']);
    expect(world.events).toHaveLength(1);
    serve(documentOf(releaseOf('0.2.0')));
    await updates.check();
    expect(updates.status().problem).toBeNull();
  });

  it('says that the server cannot be reached where nobody listens', async () => {
    await rig.server.close();
    const { updates } = open();
    await updates.check();
    expect(updates.status()).toMatchObject({ problem: { code: 'unreachable', what: 'ECONNREFUSED' }, checkedAt: null });
    rig.server = await startUpdateServer();
  });
});

describe('checks by itself', () => {
  it('come some minutes after the start and then once a day', async () => {
    serve(documentOf(releaseOf('0.1.0')));
    const { updates, pass } = open();
    pass(2 * 60_000);
    expect(rig.server.requests).toHaveLength(0);
    pass(8 * 60_000);
    await settled(updates, 1);
    for (let half = 0; half < 46; half += 1) pass(HOUR / 2);
    expect(rig.server.requests).toHaveLength(1);
    pass(2 * HOUR);
    await settled(updates, 2);
  });

  it('are remembered over restarts: ten starts in an afternoon ask once', async () => {
    serve(documentOf(releaseOf('0.2.0')));
    const made = createUpdateWorld();
    for (let start = 0; start < 10; start += 1) {
      const { updates, pass } = open({}, made);
      pass(20 * 60_000);
      await settled(updates, 1);
      expect(updates.status().offer?.version).toBe('0.2.0');
      updates.close();
    }
    expect(made.world.events).toHaveLength(1);
  });

  it('never come while they are off, and the answer before stays known', async () => {
    serve(documentOf(releaseOf('0.2.0')));
    const { updates, world, pass } = open();
    world.isOn = false;
    for (let hour = 0; hour < 72; hour += 1) pass(HOUR);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(rig.server.requests).toHaveLength(0);
    expect(updates.status().nextAt).toBeNull();
    await updates.check();
    expect(updates.status().offer?.version).toBe('0.2.0');
  });

  it('come less and less often while they fail', async () => {
    serve({ kind: 'status', status: 500 });
    const { updates, pass } = open();
    let asked = 0;
    for (let half = 0; half < 2 * 72; half += 1) {
      pass(HOUR / 2);
      await expect.poll(() => updates.status().phase).toBe('idle');
      asked = rig.server.requests.length;
    }
    expect(asked).toBeGreaterThanOrEqual(5);
    expect(asked).toBeLessThanOrEqual(8);
  });
});

describe('what is remembered', () => {
  it('is verified again: what another program wrote into the file is not offered', async () => {
    serve(documentOf(releaseOf('0.2.0')));
    const first = open();
    await first.updates.check();
    first.updates.close();
    const path = join(rig.folder, 'updates.json');
    const state = JSON.parse(readFileSync(path, 'utf8')) as { document: string };
    writeFileSync(path, JSON.stringify({ ...state, document: state.document.replaceAll('0.2.0', '9.9.9') }));
    expect(open().updates.status().offer).toBeNull();
    writeFileSync(path, '{"document":');
    expect(open().updates.status()).toMatchObject({ offer: null, checkedAt: null, problem: null });
  });

  it('is no offer any more in the version that was offered', async () => {
    serve(documentOf(releaseOf('0.2.0')));
    const first = open();
    await first.updates.check();
    first.updates.close();
    const copy = { method: 'self', kind: 'AppImage', platform: 'linux', arch: process.arch, version: '0.2.0' } as const;
    expect(open({ copy }).updates.status().offer).toBeNull();
  });
});
