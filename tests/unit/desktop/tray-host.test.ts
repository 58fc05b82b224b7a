import { describe, expect, it } from 'vitest';
import { awaitTrayHost, detectTrayHost, parseHostResult } from '../../../src/main/desktop/tray-host';
import type { ExecResult, TrayHostOptions } from '../../../src/main/desktop/tray-host';

const ok = (stdout: string): ExecResult => ({ code: 0, stdout, stderr: '', isMissing: false });
const failed = (stderr: string): ExecResult => ({ code: 1, stdout: '', stderr, isMissing: false });
const MISSING: ExecResult = { code: null, stdout: '', stderr: '', isMissing: true };
const NO_WATCHER = failed('Error: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable');

function options(answers: ExecResult[], asked: string[] = []): TrayHostOptions {
  return {
    platform: 'linux',
    env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' },
    exists: () => false,
    exec: (program) => {
      asked.push(program);
      return Promise.resolve(answers.shift() ?? MISSING);
    },
  };
}

describe('parseHostAnswer', () => {
  it.each([
    ['gdbus', ok('(<true>,)\n'), 'present'],
    ['busctl', ok('b true\n'), 'present'],
    ['dbus-send', ok('method return time=1 sender=:1.2\n   variant       boolean true\n'), 'present'],
    ['a watcher without a host', ok('(<false>,)\n'), 'absent'],
    ['gdbus without a watcher', NO_WATCHER, 'absent'],
    ['busctl without a watcher', failed('Failed to get property X: The name org.kde.StatusNotifierWatcher was not provided by any .service files'), 'absent'],
    ['a bus that is gone', failed('Error connecting: Could not connect: Connection refused'), 'unknown'],
    ['the deadline', { code: null, stdout: '', stderr: '', isMissing: false }, 'unknown'],
    ['an answer nobody expects', ok('(<42>,)\n'), 'unknown'],
  ])('understands %s', (_, answer, state) => {
    expect(parseHostResult(answer).state).toBe(state);
  });
});

describe('detectTrayHost', () => {
  it('tries the next tool where one is not installed', async () => {
    const asked: string[] = [];
    expect((await detectTrayHost(options([MISSING, ok('b true')], asked))).state).toBe('present');
    expect(asked).toEqual(['gdbus', 'busctl']);
  });

  it('is unknown without any tool', async () => {
    expect((await detectTrayHost(options([]))).state).toBe('unknown');
  });

  it('asks nobody where there is no session bus, and on other systems', async () => {
    const asked: string[] = [];
    const base = options([], asked);
    expect((await detectTrayHost({ ...base, env: { XDG_RUNTIME_DIR: '/run/user/1' } })).state).toBe('absent');
    expect((await detectTrayHost({ ...base, platform: 'darwin' })).state).toBe('present');
    expect(asked).toEqual([]);
  });
});

describe('awaitTrayHost', () => {
  const waited: number[] = [];
  const sleep = (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    return Promise.resolve();
  };

  it('asks again while there is none, and tells that it came late', async () => {
    const host = await awaitTrayHost({ ...options([NO_WATCHER, NO_WATCHER, ok('(<true>,)')]), sleep }, [1, 2, 4]);
    expect(host).toMatchObject({ state: 'present', isLate: true });
    expect(waited).toEqual([1, 2]);
  });

  it('gives up after the last wait', async () => {
    expect(await awaitTrayHost({ ...options([NO_WATCHER, NO_WATCHER]), sleep }, [1])).toMatchObject({ state: 'absent', isLate: false });
  });

  it('does not wait when the tray is there', async () => {
    expect(await awaitTrayHost({ ...options([ok('(<true>,)')]), sleep }, [1])).toMatchObject({ state: 'present', isLate: false });
  });
});
