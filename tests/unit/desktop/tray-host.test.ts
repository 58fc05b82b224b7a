import { describe, expect, it } from 'vitest';
import type { ExecResult } from '../../../src/main/engine/programs/exec-program';
import { detectTrayHost, hasTrayItem, parseHostResult, parseItemOwners } from '../../../src/main/desktop/tray-host';
import type { TrayHostOptions } from '../../../src/main/desktop/tray-host';

const ok = (stdout: string): ExecResult => ({ code: 0, stdout, stderr: '', isMissing: false });
const failed = (stderr: string): ExecResult => ({ code: 1, stdout: '', stderr, isMissing: false });
const MISSING: ExecResult = { code: null, stdout: '', stderr: '', isMissing: true };
const NO_WATCHER = failed('Error: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable');

function options(results: ExecResult[], queried: string[] = []): TrayHostOptions {
  return {
    platform: 'linux',
    env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' },
    exists: () => false,
    exec: (program) => {
      queried.push(program);
      return Promise.resolve(results.shift() ?? MISSING);
    },
  };
}

describe('parseHostResult', () => {
  it.each([
    ['gdbus', ok('(<true>,)\n'), 'present'],
    ['busctl', ok('v b true\n'), 'present'],
    ['dbus-send', ok('method return time=1 sender=:1.2\n   variant       boolean true\n'), 'present'],
    ['a watcher without a host', ok('(<false>,)\n'), 'absent'],
    ['gdbus without a watcher', NO_WATCHER, 'absent'],
    ['a watcher that cannot be started', failed("Call failed: Could not activate remote peer 'org.kde.StatusNotifierWatcher': activation request failed: unit is invalid"), 'absent'],
    ['busctl without a watcher', failed('Failed to get property X: The name org.kde.StatusNotifierWatcher was not provided by any .service files'), 'absent'],
    ['a bus that is gone', failed('Error connecting: Could not connect: Connection refused'), 'unknown'],
    ['the deadline', { code: null, stdout: '', stderr: '', isMissing: false }, 'unknown'],
    ['unexpected output', ok('(<42>,)\n'), 'unknown'],
  ])('parses the output of %s', (_, result, state) => {
    expect(parseHostResult(result).state).toBe(state);
  });
});

describe('detectTrayHost', () => {
  it('tries the next tool where one is not installed', async () => {
    const queried: string[] = [];
    expect((await detectTrayHost(options([MISSING, ok('v b true')], queried))).state).toBe('present');
    expect(queried).toEqual(['gdbus', 'busctl']);
  });

  it('is unknown for good without any tool', async () => {
    expect(await detectTrayHost(options([]))).toMatchObject({ state: 'unknown', isFinal: true });
  });

  it('queries nothing without a session bus, and on other systems', async () => {
    const queried: string[] = [];
    const base = options([], queried);
    expect((await detectTrayHost({ ...base, env: { XDG_RUNTIME_DIR: '/run/user/1' } })).state).toBe('absent');
    expect((await detectTrayHost({ ...base, platform: 'darwin' })).state).toBe('present');
    expect(queried).toEqual([]);
  });
});

describe('the icon of this process', () => {
  it.each([
    ['gdbus', "(<[':1.9/StatusNotifierItem', ':1.12/org/ayatana/NotificationItem/x']>,)", [':1.9', ':1.12']],
    ['busctl', 'v as 2 ":1.9/StatusNotifierItem" "org.kde.StatusNotifierItem-41-1/StatusNotifierItem"', [':1.9', 'org.kde.StatusNotifierItem-41-1']],
    ['dbus-send', 'method return time=1.2 sender=:1.6 -> destination=:1.14\n variant array [\n string ":1.9/StatusNotifierItem"\n ]', [':1.9']],
    ['a name without a path', "(<[':1.9']>,)", [':1.9']],
    ['no icon', '(<@as []>,)', []],
  ])('is looked for among the owners that %s prints', (_, stdout, owners) => {
    expect(parseItemOwners(stdout)).toEqual(owners);
  });

  it.each(['(uint32 41,)', 'u 41', 'method return time=1.5 sender=org.freedesktop.DBus\n   uint32 41'])('is there when an owner is process 41: %j', async (reply) => {
    const items = ok("(<[':1.9/StatusNotifierItem', ':1.12/StatusNotifierItem']>,)");
    expect(await hasTrayItem(options([items, ok(reply)]), 41)).toBe(true);
    expect(await hasTrayItem(options([items, ok(reply), ok(reply)]), 9)).toBe(false);
  });

  it('is not there without icons, and unknown where that cannot be queried', async () => {
    expect(await hasTrayItem(options([ok('(<@as []>,)')]), 41)).toBe(false);
    expect(await hasTrayItem(options([NO_WATCHER]), 41)).toBeNull();
    expect(await hasTrayItem(options([]), 41)).toBeNull();
    expect(await hasTrayItem({ ...options([]), platform: 'win32' }, 41)).toBe(true);
  });

  it('costs a bounded number of queries however many icons there are', async () => {
    const queried: string[] = [];
    const items = ok(`(<[${Array.from({ length: 300 }, (_, index) => `':1.${index}/StatusNotifierItem'`).join(', ')}]>,)`);
    expect(await hasTrayItem(options([items, ...Array.from({ length: 300 }, () => ok('(uint32 7,)'))], queried), 41)).toBe(false);
    expect(queried.length).toBeLessThan(12);
  });
});
