/** Answers that no engine gives, as something that is none or means harm may: nothing hangs, and rubbish is not kept. */
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemTimers } from '../../../../src/main/engine/clock';
import { createClient } from '../../../../src/main/engine/containers/client';
import { parseEngineEvent } from '../../../../src/main/engine/containers/engine-event';
import { parseInspected, parseList } from '../../../../src/main/engine/containers/record';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listen(answer: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-hostile-'));
  const path = join(folder, 'engine.sock');
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  ends.push(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return path;
}

it('a change of the protocol, of which nothing is told, ends with the deadline', async () => {
  const client = createClient({ path: await listen('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n') }, systemTimers, false);
  ends.push(() => client.close());
  await expect(client.json('/version', { deadline: 100 })).rejects.toMatchObject({ problem: 'late' });
});

it('states and numbers are those that there are', () => {
  const list = parseList(['__proto__', 'constructor', 'running'].map((State, at) => ({ Id: `c${at}`, State })));
  expect(list?.map(({ id }) => id)).toEqual(['c2']);
  expect(parseInspected({ RestartCount: 1e300, State: { ExitCode: 1e20 } })).toMatchObject({ restarts: null, exitCode: null });
});

const event = (changes: object, name = 'shop-db'): string => JSON.stringify({ Type: 'container', Action: 'die', Actor: { ID: 'a'.repeat(64), Attributes: { name } }, time: 1_700_000_000, ...changes });

it('names in events are one line that is not long', () => {
  expect(parseEngineEvent(event({}, `shop\u0007\n-db${'x'.repeat(1000)}`))?.name).toMatch(/^shop[ -]{1,2}dbx{100,200}$/);
});

it('an event without a possible time or id is none', () => {
  expect(parseEngineEvent(event({}))).not.toBeNull();
  for (const time of [1e300, -5, 0]) expect(parseEngineEvent(event({ time }))).toBeNull();
  for (const ID of ['a'.repeat(10_000), '../x', '\ud800']) expect(parseEngineEvent(event({ Actor: { ID } }))).toBeNull();
});
