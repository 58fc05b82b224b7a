import { mkdirSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { demoMachine } from '../../../../src/main/engine/collectors/demo-machine';
import type { WatchedMachine } from '../../../../src/main/engine/collectors/demo-machine';
import { ownMachine } from '../../../../src/main/engine/collectors/own-machine';
import { linuxSelf } from '../../../../src/main/engine/collectors/self.linux';
import { systemDeps } from '../../../../src/main/engine/collectors/platform';
import { readHostInfo } from '../../../../src/main/engine/host/index';
import { failureOf, machineDeps } from '../../../support/recorded-machine';

const SPACE = { bsize: 4096, blocks: 10, bfree: 4, bavail: 3, files: 0, ffree: 0 };

/** A machine in a folder with these files, on a machine whose clocks a test moves. */
function watched(files: Readonly<Record<string, string>>): WatchedMachine & { readonly real: { now: number; mono: number; boot: number }; readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'watched-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const real = { now: Date.UTC(2026, 10, 30), mono: 500, boot: 9_000_000 };
  const clock = { now: () => real.now, mono: () => real.mono, boot: () => real.boot };
  const own = { ...machineDeps('laptop', { clock, statfs: () => Promise.resolve({ ...SPACE, blocks: 777 }), addresses: () => ({ eth9: '10.0.0.1' }), account: () => ({ uid: 1, name: 'real' }) }), root: '/', platform: 'darwin' as const };
  return { ...demoMachine({ root, hostname: 'demo-x' }, own, clock), real, root };
}

describe('a machine in a folder', () => {
  it('has the space that its file says, and never that of the real one', async () => {
    const { system, root } = watched({ 'traywatch/space.json': JSON.stringify({ '/': SPACE }) });
    expect(await Promise.all([system.statfs('/'), system.statfs(Buffer.from('/'))])).toEqual([SPACE, SPACE]);
    expect(await failureOf(() => system.statfs('/home'))).toMatchObject({ code: 'ENOENT' });
    writeFileSync(join(root, 'traywatch/space.json'), JSON.stringify({ '/': { ...SPACE, bfree: 9 } }));
    expect(await system.statfs('/')).toMatchObject({ bfree: 9 });
  });

  it.each([['no file', {}], ['no JSON', { 'traywatch/space.json': '{"/":' }], ['another shape', { 'traywatch/space.json': '{"/":{"bsize":"x"}}' }]])('with %s has no space', async (_what, files) => {
    expect(await failureOf(() => watched(files).system.statfs('/'))).toMatchObject({ kind: 'SystemUnavailable' });
  });

  it('is read as Linux on any system, under its own name, while the app knows which machine it runs on', async () => {
    const { system } = watched({ 'proc/sys/kernel/osrelease': '6.0-demo' });
    expect(system).toMatchObject({ platform: 'linux', demo: { hostname: 'demo-x' } });
    expect(ownMachine(system)).toEqual({ platform: 'darwin', root: '/' });
    expect(ownMachine(systemDeps())).toEqual({ platform: systemDeps().platform, root: '/' });
    expect([system.account(), system.addresses()]).toEqual([null, {}]);
    const app = { appVersion: '1', startTime: 1, environment: 'demo', runtime: 'node', databasePath: null };
    expect(await readHostInfo({ ...system, now: () => 0 }, app)).toMatchObject({ hostname: 'demo-x', kernel: '6.0-demo' });
  });

  it('has addresses of its own, whatever their names are', () => {
    const { system } = watched({ 'traywatch/machine.json': '{"addresses":{"eth0":"192.0.2.1","constructor":"192.0.2.2"}}' });
    expect({ ...system.addresses() }).toEqual({ eth0: '192.0.2.1', constructor: '192.0.2.2' });
    expect(watched({ 'traywatch/machine.json': 'broken' }).system.addresses()).toEqual({});
  });

  it('has a clock that begins wrong and is set, while running time goes on', () => {
    const { clock, real } = watched({ 'traywatch/machine.json': '{"clock":{"starts":37000,"setAfter":45000}}', 'proc/uptime': '120.00 4.00\n' });
    expect([clock.now(), clock.mono(), clock.boot()]).toEqual([37_000, 500, 120_000]);
    Object.assign(real, { now: real.now + 44_999, mono: real.mono + 44_999, boot: real.boot + 44_999 });
    expect([clock.now(), clock.boot()]).toEqual([81_999, 164_999]);
    Object.assign(real, { now: real.now + 1, mono: real.mono + 1 });
    expect(clock.now()).toBe(real.now);
  });

  it('shows what the app itself costs on the real machine', async () => {
    const { system } = watched({});
    const real = { ...system, platform: 'linux' as const, demo: { hostname: 'demo-x', own: systemDeps() } };
    const self = { ...machineDeps('laptop').self, pids: () => [process.pid] };
    const { processes } = await linuxSelf({ ...real, self }).read();
    expect(processes.has(process.pid)).toBe(systemDeps().platform === 'linux');
  });
});
