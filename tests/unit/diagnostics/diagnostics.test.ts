import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnosticsText } from '../../../src/main/diagnostics/gather';
import type { DiagnosticsSources } from '../../../src/main/diagnostics/gather';
import { desktopName, kernelVersion, sessionType, systemName } from '../../../src/main/diagnostics/known-names';
import { codeIn, knownWords, logProblems } from '../../../src/main/diagnostics/log-problems';
import { readOnce } from '../../../src/main/diagnostics/read-once';
import { systemClock } from '../../../src/main/engine/clock';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { createFileLog } from '../../../src/main/engine/log';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import { openCore } from '../../support/core';
import { createFolder } from '../../support/odd-files';

const NOW = Date.UTC(2026, 10, 30, 12);
const NOBODY: ReadonlySet<string> = new Set();

/** What could name somebody: each is put wherever a text comes from outside. */
interface Secrets {
  readonly host: string;
  readonly user: string;
  readonly path: string;
  readonly address: string;
}

const SECRETS: Secrets = { host: 'annas-laptop', user: 'annabel', path: '/home/annabel/Geheim', address: '10.77.88.99' };

/** Sources in which every text that comes from outside holds the secrets, and a log that holds them in every place. */
function sources(secrets: Secrets, over: Partial<DiagnosticsSources> = {}): DiagnosticsSources {
  const folder = createFolder();
  const { host, user, path, address } = secrets;
  const all = `${host} ${user} ${path} ${address} ${host}.local user=${user} "${path}" ${path}/x:${address}:8543`;
  const log = createFileLog({ path: join(folder, 'traywatch.log'), clock: { now: () => NOW } });
  log.warn(`disk is failing: Timeout: ${all}`);
  log.scoped(host).error(all, { error: new Error(`EACCES: permission denied, open '${path}'`), [user]: address });
  log.scoped('desktop').error(`the folder ${path} is not locked`, { reason: all });
  log.info(all);
  log.close();
  const fault = { kind: 'PermissionDenied', message: all, since: NOW - 61_000, nextAt: null } as const;
  const device = { label: all, detail: path, values: {} };
  return {
    by: 'app',
    now: NOW,
    kind: 'package',
    sandbox: 'on',
    desktop: { tray: 'present', autostart: { state: 'enabled', reason: 'otherCommand', what: all, canChange: true } },
    host: { hostname: host, os: `Debian GNU/Linux 12 (${host})`, kernel: `6.8.0-45-${host}-generic`, arch: 'x64', cores: 8, cpuModel: all, model: all, memoryTotal: 16e9, bootTime: NOW - 1e7, appVersion: '1.2.3', startTime: NOW - 90_000, environment: all, runtime: 'x', databasePath: path },
    snapshot: { readings: { cpu: { values: {}, devices: { [path]: device, [address]: device }, note: all } }, faults: { disk: fault } },
    costs: { cpu: 0.1234 },
    tick: 1.5,
    history: { path: join(folder, 'none', host), waiting: 0 },
    paths: { folder: path, log: join(folder, 'traywatch.log') },
    env: { XDG_CURRENT_DESKTOP: `${host}:GNOME`, XDG_SESSION_TYPE: user, DISPLAY: `${address}:0`, USER: user },
    home: path,
    commandLine: ['/usr/bin/traywatch', path],
    addresses: [address],
    ...over,
  };
}

describe('diagnostics', () => {
  it('say what a bug report needs, in a fixed order', () => {
    expect(diagnosticsText(sources(SECRETS), false).replace(/SQLite: .*|Runtime: .*/g, (line) => line.replace(/\d[\d.]*/g, 'N'))).toBe(`Traywatch diagnostics
  Made: 2026-11-30T12:00:00Z by the running app
  Names, paths and addresses: left out

App
  Version: 1.2.3 (package)
  Runtime: Node N
  SQLite: N
  Sandbox: none needed without Electron
  Running for: 90 s

System
  System: Debian 12
  Kernel: 6.8.0-45-generic
  Architecture: x64
  Cores: 8
  Memory: 14.9 GiB

Desktop
  Desktop: other:GNOME
  Session: x11
  Tray: present
  Start at login: enabled (otherCommand)

Metrics
${/^ {2}family[^]*?A tick takes .*$/m.exec(diagnosticsText(sources(SECRETS), false))?.[0] ?? ''}

History
  Where: none
  Size: –
  Schema: -
  Not written yet: 0

Last problems in the log
  2026-11-30T12:00:00Z warn app: disk is failing: Timeout: …
  2026-11-30T12:00:00Z error …: … [EACCES]
  2026-11-30T12:00:00Z error desktop: the folder … is not locked
`);
    const text = diagnosticsText(sources(SECRETS), false);
    expect(text).toMatch(/^ {2}cpu +ok +every 1 s +0\.12 ms +2$/m);
    expect(text).toMatch(/^ {2}disk +PermissionDenied for 61 s +every 30 s +- +-$/m);
    expect(text.match(/ waiting /g)).toHaveLength(FAMILY_IDS.length - 2);
  });

  it('name nobody, whatever they are called', () => {
    // With digits and consonants a name cannot be a word of the labels around it.
    const name = string({ unit: constantFrom(...'b c d f g h j k l m n p q r s t v w x y z 0 1 2 3 4 5 6 7 8 9 -'.split(' ')), minLength: 6, maxLength: 20 }).filter((text) => /^[a-z]\w+-?\w+$/.test(text) && /\d/.test(text));
    const part = string({ unit: 'grapheme', minLength: 3, maxLength: 12 }).filter((text) => /[^\p{ASCII}]|\d/u.test(text) && !/[\s/\0]/.test(text) && text.trim().length > 2);
    const octet = constantFrom('37', '131', '199', '254');
    assert(
      property(name, name, array(part, { minLength: 1, maxLength: 3 }), octet, octet, (host, user, parts, first, second) => {
        const secrets = { host: `h${host}`, user: `u${user}`, path: `/home/u${user}/q${parts.join('/q')}`, address: `${first}.${second}.${first}.${second}` };
        const text = diagnosticsText(sources(secrets), false).toLowerCase();
        for (const secret of [secrets.host, secrets.user, secrets.address, ...parts.map((each) => `q${each}`)]) expect(text).not.toContain(secret.toLowerCase());
        const asked = diagnosticsText(sources(secrets), true);
        for (const secret of Object.values(secrets)) expect(asked).toContain(secret);
      }),
      { numRuns: 60 },
    );
  });

  it('do not say a name that is an ordinary word in a line of the log', () => {
    expect(knownWords('the server did not start', new Set(['server']))).toBe('the … did not start');
    const text = diagnosticsText(sources({ ...SECRETS, host: 'server', user: 'file', path: '/srv/database' }), false);
    expect(text.slice(text.indexOf('Last problems'))).not.toMatch(/\b(server|file|database)\b/);
  });

  it('read a history with its tiers, and say why one cannot be read', () => {
    const folder = createFolder();
    const core = openCore(folder);
    core.store.append({ seq: 1, time: NOW, readings: { uptime: { values: { system: 5, app: 1 }, devices: {} } }, faults: {} });
    core.store.commit();
    const path = join(folder, 'history.sqlite');
    const at = (file: string): string => /History\n[^]*?\n\n/.exec(diagnosticsText(sources(SECRETS, { history: { path: file, waiting: null }, now: NOW + 5000 }), false))?.[0] ?? '';
    expect(at(path)).toMatch(/Where: file\n {2}Size: [\d.]+ KiB\n {2}Schema: \d+\n {2}Not written yet: -\n {2}samples +2026-11-30T12:00:00Z +to 2026-11-30T12:00:0\dZ\n {2}minutes +empty/);
    core.close();
    writeFileSync(join(folder, 'broken.sqlite'), 'no database at all, but a long text of more than a hundred bytes: '.repeat(20));
    expect(at(join(folder, 'broken.sqlite'))).toContain('Where: unreadable (SQLITE_NOTADB)');
    mkdirSync(join(folder, 'folder.sqlite'));
    expect(at(join(folder, 'folder.sqlite'))).toMatch(/Where: unreadable \(SQLITE_/);
  });

  it('come from the running app over the contract', async () => {
    const core = openCore(createFolder());
    const { text } = await core.handlers.diagnostics({ withNames: false }, { id: 'test', role: 'local' });
    expect(text).toMatch(/^Traywatch diagnostics\n/);
    expect(text).toContain('Desktop\n  None\n');
    core.close();
  });
});

describe('reading once', () => {
  it('reads every family of this machine, and keeps nothing', async () => {
    const { snapshot, costs } = await readOnce(systemDeps(), systemClock);
    expect(Object.keys({ ...snapshot.readings, ...snapshot.faults })).toEqual(expect.arrayContaining(['cpu', 'memory', 'uptime']));
    expect(costs['cpu']).toBeGreaterThan(0);
  });
});

describe('names that are known', () => {
  it.each([
    ['Debian GNU/Linux 12 (bookworm)', 'Debian 12'],
    ['Ubuntu 24.04.1 LTS', 'Ubuntu 24.04.1'],
    ['Linux Mint 22', 'Linux Mint 22'],
    ['Windows 11 Pro 10.0.26100', 'Windows 11'],
    ['macOS 15.1', 'macOS 15.1'],
    ['Annas System 3', 'other'],
  ])('%s → %s', (full, name) => expect(systemName(full)).toBe(name));

  it.each([
    ['6.8.0-45-generic', '6.8.0-45-generic'],
    ['6.12.1-200.fc41.x86_64', '6.12.1-200-fc41-x86_64'],
    ['5.15.153.1-microsoft-standard-WSL2', '5.15.153.1-microsoft-standard-WSL2'],
    ['6.1.0-annas-kernel', '6.1.0'],
    ['anna', 'other'],
  ])('kernel %s → %s', (release, version) => expect(kernelVersion(release)).toBe(version));

  it('of desktops and sessions', () => {
    expect(desktopName('ubuntu:GNOME')).toBe('ubuntu:GNOME');
    expect(desktopName('anna')).toBe('other');
    expect(desktopName('')).toBe('none');
    expect([{ XDG_SESSION_TYPE: 'wayland' }, { XDG_SESSION_TYPE: 'anna', DISPLAY: ':0' }, { WAYLAND_DISPLAY: 'wayland-0' }, {}].map(sessionType)).toEqual(['wayland', 'x11', 'wayland', 'none']);
  });

  it('of errors', () => {
    expect(codeIn("ENOSPC: no space left on device, write '/home/EVIL_NAME'")).toBe('ENOSPC');
    expect(codeIn('SQLITE_BUSY')).toBe('SQLITE_BUSY');
    expect(codeIn('ANNA EANNA SQLITE_ANNA')).toBeNull();
  });
});

describe('problems of the log', () => {
  it('are counted, in the order of their last time, the last ones only', () => {
    const line = (seconds: number, message: string, level = 'warn'): string => JSON.stringify({ time: new Date(NOW + seconds * 1000).toISOString(), level, scope: 'app', message });
    const text = [line(0, 'the database did not close'), line(1, 'sharing failed', 'error'), line(2, 'all is well', 'info'), 'no json', '{"level":"error"}', line(3, 'the database did not close')].join('\n');
    expect(logProblems(text, NOBODY, 5)).toMatchObject([{ text: 'sharing failed', level: 'error', count: 1 }, { text: 'the database did not close', count: 2, time: NOW + 3000 }]);
    expect(logProblems(text, NOBODY, 1)).toHaveLength(1);
  });

  it('say what Traywatch’s own messages say', () => {
    const root = dirname(dirname(dirname(import.meta.dirname)));
    const files = globSync('src/main/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
    const messages = files.flatMap((file) => [...file.matchAll(/\.(?:warn|error)\('([^']+)'/g)].map(([, message = '']) => message));
    expect(messages.length).toBeGreaterThan(40);
    const words = messages.flatMap((message) => message.split(' '));
    const gaps = words.filter((word) => knownWords(word, NOBODY) === '…');
    // A new message may have a word that is not listed; most of what is said must stay readable.
    expect(gaps.length / words.length).toBeLessThan(0.1);
  });
});
