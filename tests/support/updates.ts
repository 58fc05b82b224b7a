/** Updates over a real server on loopback, in a temporary folder, and a time that passes where a test says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, onTestFinished } from 'vitest';
import { Updates } from '../../src/main/updates/index';
import type { UpdatesParts } from '../../src/main/updates/index';
import { parseUpdateSource } from '../../src/main/updates/update-source';
import { systemTimers } from '../../src/main/engine/clock';
import type { EventInput } from '../../src/shared/timeline/event-schemas';
import type { UpdateStatus } from '../../src/shared/updates';
import { createCallbackLog } from './log';
import { createManualTimers } from './timers';
import { fileOf, PUBLIC_KEY, startUpdateServer } from './update-server';
import type { UpdateAnswer, UpdateServer } from './update-server';

export const HOUR = 3_600_000;
export const UPDATE_NOON = Date.UTC(2026, 10, 30, 12);
/** What the release holds. */
export const IMAGE = Buffer.from('a new AppImage');

/** Time that passes where the test says so; a request's own deadline is real, and can be made short. */
export function createUpdateWorld() {
  const manual = createManualTimers();
  const world = { now: UPDATE_NOON, isOn: true, deadline: 5000, events: [] as EventInput[], pages: [] as string[], statuses: [] as UpdateStatus[] };
  const timers = { after: (ms: number, fn: () => void) => (ms === 20_000 ? systemTimers.after(world.deadline, fn) : manual.after(ms, fn)) };
  return { world, timers, pass: (ms: number): void => ((world.now += ms), manual.advance(ms)) };
}

/** A server and a folder for each test of a file. */
export function useUpdates() {
  const rig = {} as { server: UpdateServer; folder: string };
  beforeEach(async () => {
    rig.server = await startUpdateServer();
    rig.folder = mkdtempSync(join(tmpdir(), 'traywatch-updates-'));
  });
  afterEach(async () => {
    await rig.server.close();
    rmSync(rig.folder, { recursive: true });
  });
  const releaseOf = (version: string, change: object = {}) => ({
    version,
    channel: 'stable',
    released: UPDATE_NOON - HOUR,
    page: `${rig.server.url}/page`,
    files: [fileOf(IMAGE, { name: `Traywatch-${version}.AppImage`, url: `${rig.server.url}/Traywatch-${version}.AppImage`, kind: 'AppImage' })],
    ...change,
  });
  const serve = (answer: UpdateAnswer | string): void => void rig.server.answers.set('/stable.json', typeof answer === 'string' ? { kind: 'body', body: answer } : answer);
  const open = (change: Partial<UpdatesParts> = {}, made = createUpdateWorld()) => {
    const { world, timers, pass } = made;
    const source = parseUpdateSource({ url: `${rig.server.url}/stable.json`, key: PUBLIC_KEY, channel: 'stable' });
    if (source === null) throw new Error('no source');
    const updates = new Updates({
      source,
      copy: { method: 'self', kind: 'AppImage', platform: 'linux', arch: process.arch, version: '0.1.0' },
      path: join(rig.folder, 'updates.json'),
      fetch,
      clock: { now: () => world.now },
      timers,
      random: () => 0.5,
      log: createCallbackLog(() => undefined),
      record: (event) => void world.events.push(event),
      isOn: () => world.isOn,
      selfUpdater: () => Promise.reject(new Error('not in this test')),
      openPage: (url) => Promise.resolve(void world.pages.push(url)),
      onChange: () => void world.statuses.push(updates.status()),
      ...change,
    });
    onTestFinished(() => updates.close());
    return { updates, world, pass };
  };
  return { rig, releaseOf, serve, open };
}
