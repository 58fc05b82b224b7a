/** What Windows and macOS need beside what every desktop does, on stand-ins for Electron: order, guards, and what is told. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { APP_USER_MODEL_ID, prepareSystem, TOAST_ACTIVATOR } from '../../../src/main/desktop/before-ready';
import type { BeforeReadyParts } from '../../../src/main/desktop/before-ready';
import { followEarlierToasts } from '../../../src/main/desktop/earlier-toasts';
import { createMacPresence, toMacMenu } from '../../../src/main/desktop/mac-app.darwin';
import { createRefusedNotice } from '../../../src/main/desktop/refused-notice';
import { watchSessionEnd } from '../../../src/main/desktop/session-end.win32';
import type { SessionEndParts } from '../../../src/main/desktop/session-end.win32';
import { toTrayTexts, TOOLTIP_LENGTH } from '../../../src/main/desktop/tray-model';
import { createNotices } from '../../../src/main/timeline/notices';
import { createManualTimers } from '../../support/timers';

const repository = (name: string): string => readFileSync(join(import.meta.dirname, '../../..', name), 'utf8');

/** Electron's app and preferences as they are before it is ready; `calls` in order. */
function starting(platform: NodeJS.Platform, { isOld = false, switches = [] as string[], local = null as string | null } = {}) {
  const calls: string[] = [];
  const app = {
    setAppUserModelId: (id: string) => calls.push(`id ${id}`),
    ...(isOld ? {} : { setToastActivatorCLSID: (id: string) => calls.push(`class ${id}`) }),
    getPath: () => '/roaming/Traywatch',
    setPath: (name: string, path: string) => calls.push(`${name} ${path}`),
    commandLine: { hasSwitch: (name: string) => switches.includes(name) },
  } as unknown as BeforeReadyParts['app'];
  const systemPreferences = { registerDefaults: (defaults: object) => calls.push(JSON.stringify(defaults)) } as unknown as BeforeReadyParts['systemPreferences'];
  const choose = (former: string, wanted: string) => {
    calls.push(`choose ${former} ${wanted}`);
    return { folder: wanted, problem: 'a problem' };
  };
  return { calls, problem: prepareSystem({ platform, app, systemPreferences, env: local === null ? {} : { LOCALAPPDATA: local }, choose }) };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'windows-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('before the app is ready', () => {
  it('Windows is told who it is, as the installer and its shortcut have it, and where its data is', () => {
    const local = folder();
    const { calls, problem } = starting('win32', { local });
    const wanted = join(local, 'Traywatch');
    expect(calls).toEqual([`id ${APP_USER_MODEL_ID}`, `class ${TOAST_ACTIVATOR}`, `choose /roaming/Traywatch ${wanted}`, `userData ${wanted}`, `sessionData ${wanted}`]);
    expect(problem).toBe('a problem');
    expect(/^appId: (.*)$/m.exec(repository('electron-builder.yml'))?.[1]).toBe(APP_USER_MODEL_ID);
    expect(TOAST_ACTIVATOR).toMatch(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
  });

  it('a folder on the command line wins, and so does Electron’s where Windows does not say', () => {
    const ids = [`id ${APP_USER_MODEL_ID}`, `class ${TOAST_ACTIVATOR}`];
    expect(starting('win32', { switches: ['user-data-dir'], local: folder() })).toEqual({ calls: ids, problem: null });
    expect(starting('win32', { local: '' })).toEqual({ calls: ids, problem: null });
    expect(starting('win32')).toEqual({ calls: ids, problem: null });
  });

  it('an older Electron without a class for toasts is none the worse', () => {
    expect(starting('win32', { isOld: true }).calls).toEqual([`id ${APP_USER_MODEL_ID}`]);
  });

  it('a folder that cannot be used is said, and Electron’s is kept', () => {
    const { calls, problem } = starting('win32', { local: '/dev/null' });
    expect(calls.some((call) => call.startsWith('userData'))).toBe(false);
    expect(problem).toMatch(/^The history is in \/roaming\/Traywatch: .* cannot be used/);
  });

  it('macOS is told not to let it nap; Linux is told nothing', () => {
    expect(starting('darwin', { local: '/x' })).toEqual({ calls: ['{"NSAppSleepDisabled":true}'], problem: null });
    expect(starting('linux', { local: '/x' })).toEqual({ calls: [], problem: null });
  });
});

describe('the end of a session on Windows', () => {
  it('is heard by a window that nobody sees, and by each that is opened', () => {
    const app = new EventEmitter();
    const made: { options: object; window: EventEmitter }[] = [];
    class FakeWindow extends EventEmitter {
      constructor(options: object) {
        super();
        made.push({ options, window: this });
      }
    }
    const heard: string[] = [];
    const already = new EventEmitter();
    const kept = watchSessionEnd({ app, BaseWindow: FakeWindow, open: [already] } as unknown as SessionEndParts, { onAsked: () => heard.push('asked'), onEnd: () => heard.push('end') });
    expect(made).toMatchObject([{ options: { show: false, skipTaskbar: true } }]);
    expect(kept).toBe(made[0]?.window);
    const opened = new EventEmitter();
    app.emit('browser-window-created', {}, opened);
    for (const window of [made[0]?.window, opened, already]) {
      window?.emit('query-session-end', { reasons: ['shutdown'] });
      window?.emit('session-end', { reasons: ['shutdown'] });
    }
    expect(heard).toEqual(['asked', 'end', 'asked', 'end', 'asked', 'end']);
  });
});

describe('clicks on notifications of an earlier run', () => {
  it('open the window, a moment after one of this run has opened its page', () => {
    const timers = createManualTimers();
    const opened: string[] = [];
    let click: (details: { type: string; arguments: string }) => void = () => undefined;
    followEarlierToasts({ handleActivation: (callback) => void (click = callback) }, timers, () => opened.push('window'));
    click({ type: 'click', arguments: '' });
    opened.push('page of its own');
    timers.advance(1000);
    expect(opened).toEqual(['page of its own', 'window']);
    click({ type: 'reply', arguments: '' });
    timers.advance(1000);
    expect(opened).toHaveLength(2);
  });

  it('are not told by an older Electron', () => {
    expect(() => followEarlierToasts({}, createManualTimers(), () => undefined)).not.toThrow();
  });
});

describe('notifications that the system refuses', () => {
  it.each([
    ['darwin', 'System Settings'],
    ['win32', 'Settings › System'],
  ] as const)('are told once on %s, with the place where they are allowed, and no longer than that lasts', (platform, place) => {
    const changes: number[] = [];
    const notices = createNotices(() => 0, () => changes.push(1));
    const onOutage = createRefusedNotice(platform, () => notices);
    onOutage('not allowed');
    onOutage('not allowed');
    expect(notices.list()).toMatchObject([{ title: 'Notifications are not shown', body: expect.stringContaining(place) }]);
    expect(changes).toHaveLength(1);
    onOutage(null);
    expect(notices.list()).toEqual([]);
  });

  it('are not told on Linux: its desktops have no such place', () => {
    const notices = createNotices(() => 0, () => undefined);
    createRefusedNotice('linux', () => notices)('no service');
    expect(notices.list()).toEqual([]);
  });
});

describe('the app on a Mac', () => {
  it('has a Dock icon, a menu bar and the focus while its window is open, and none of it after', () => {
    const calls: string[] = [];
    const app = { setActivationPolicy: (policy: string) => calls.push(policy), focus: (options: unknown) => calls.push(JSON.stringify(options)) } as unknown as Parameters<typeof createMacPresence>[0]['app'];
    const presence = createMacPresence({ app, setMenu: () => calls.push('menu'), isPackaged: true });
    expect(calls).toEqual([]);
    presence.onOpen();
    presence.onOpen();
    presence.onClosed();
    expect(calls).toEqual(['menu', 'regular', '{"steal":true}', 'regular', '{"steal":true}', 'accessory']);
  });

  it('has a menu with what Cmd+C and Cmd+V need, and the developer tools in development alone', () => {
    const rolesOf = (isPackaged: boolean): string[] => JSON.stringify(toMacMenu(isPackaged)).match(/(?<="role":")\w+/g) ?? [];
    expect(rolesOf(true)).toEqual(expect.arrayContaining(['about', 'quit', 'cut', 'copy', 'paste', 'selectAll', 'minimize', 'close']));
    expect(rolesOf(true).filter((role) => /dev|reload/i.test(role))).toEqual([]);
    expect(rolesOf(false)).toContain('toggleDevTools');
  });
});

describe('a tooltip', () => {
  it('never ends in half a character', () => {
    for (let length = 90; length < 140; length += 1) {
      const { tooltip } = toTrayTexts({ paused: false, time: 0, readings: {}, faults: {}, lastKnown: {}, incidents: [], snoozedAll: false, sharing: false, update: null }, { hostname: `${'x'.repeat(length)}${'😀'.repeat(30)}` });
      expect(tooltip.length).toBeLessThanOrEqual(TOOLTIP_LENGTH);
      expect(tooltip.isWellFormed()).toBe(true);
    }
  });
});

describe('the package for macOS', () => {
  const config = repository('electron-builder.yml');
  const section = (name: string): string => new RegExp(`^${name}:\\n((?: .*\\n|\\n)*)`, 'm').exec(config)?.[1] ?? '';

  it('is signed ad hoc, starts on arm64, runs from macOS 13 on, and comes as image and archive', () => {
    expect(section('electronFuses')).toMatch(/^ {2}resetAdHocDarwinSignature: true$/m);
    for (const line of ["identity: '-'", 'hardenedRuntime: false', "minimumSystemVersion: '13.0'", 'target: [dmg, zip]', 'entitlements: resources/entitlements.mac.plist']) expect(section('mac')).toContain(`  ${line}\n`);
  });

  it('says that it has no Dock icon and takes no nap, and why it asks for what', () => {
    const info = /^ {2}extendInfo:\n((?: {4}.*\n)+)/m.exec(section('mac'))?.[1] ?? '';
    for (const line of ['LSUIElement: true', 'NSAppSleepDisabled: true', 'NSUserNotificationAlertStyle: alert', 'NSBonjourServices: [_https._tcp, _http._tcp]']) expect(info).toContain(`    ${line}\n`);
    for (const key of ['AppleEvents', 'LocalNetwork', 'DesktopFolder', 'DocumentsFolder', 'DownloadsFolder']) expect(info).toMatch(new RegExp(`^ {4}NS${key}UsageDescription: Traywatch .+\\.$`, 'm'));
  });

  it('has entitlements that are a property list of true values, System Events among them', () => {
    const pairs = [...repository('resources/entitlements.mac.plist').matchAll(/<key>([^<]+)<\/key>\s*<(\w+)\/>/g)].map(([, key, value]) => [key, value]);
    expect(Object.fromEntries(pairs)).toEqual({
      'com.apple.security.cs.allow-jit': 'true',
      'com.apple.security.cs.allow-unsigned-executable-memory': 'true',
      'com.apple.security.cs.disable-library-validation': 'true',
      'com.apple.security.automation.apple-events': 'true',
    });
  });
});
