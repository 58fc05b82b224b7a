import { describe, expect, it } from 'vitest';
import { awaitTrayHost, detectTrayHost, parseHostResult } from '../../../src/main/desktop/tray-host';
import type { ExecResult, TrayHostOptions } from '../../../src/main/desktop/tray-host';

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
    ['busctl', ok('b true\n'), 'present'],
    ['dbus-send', ok('method return time=1 sender=:1.2\n   variant       boolean true\n'), 'present'],
    ['a watcher without a host', ok('(<false>,)\n'), 'absent'],
    ['gdbus without a watcher', NO_WATCHER, 'absent'],
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
    expect((await detectTrayHost(options([MISSING, ok('b true')], queried))).state).toBe('present');
    expect(queried).toEqual(['gdbus', 'busctl']);
  });

  it('is unknown without any tool', async () => {
    expect((await detectTrayHost(options([]))).state).toBe('unknown');
  });

  it('queries nothing without a session bus, and on other systems', async () => {
    const queried: string[] = [];
    const base = options([], queried);
    expect((await detectTrayHost({ ...base, env: { XDG_RUNTIME_DIR: '/run/user/1' } })).state).toBe('absent');
    expect((await detectTrayHost({ ...base, platform: 'darwin' })).state).toBe('present');
    expect(queried).toEqual([]);
  });
});

describe('awaitTrayHost', () => {
  const waited: number[] = [];
  const sleep = (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    return Promise.resolve();
  };

  it('retries while there is none, and reports that it appeared late', async () => {
    const host = await awaitTrayHost({ ...options([NO_WATCHER, NO_WATCHER, ok('(<true>,)')]), sleep }, [1, 2, 4]);
    expect(host).toMatchObject({ state: 'present', isLate: true });
    expect(waited).toEqual([1, 2]);
  });

  it('gives up after the last wait', async () => {
    expect(await awaitTrayHost({ ...options([NO_WATCHER, NO_WATCHER]), sleep }, [1])).toMatchObject({ state: 'absent', isLate: false });
  });

  it('does not wait when there is a tray', async () => {
    expect(await awaitTrayHost({ ...options([ok('(<true>,)')]), sleep }, [1])).toMatchObject({ state: 'present', isLate: false });
  });
});
