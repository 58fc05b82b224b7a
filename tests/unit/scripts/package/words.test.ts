/** What packages say: versions, the control file, the manual page, and the command line that makes them. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toControl } from '../../../../scripts/lib/package/deb.mjs';
import { toIdentity } from '../../../../scripts/lib/package/identity.mjs';
import { parseHelp, toManPage } from '../../../../scripts/lib/package/man-page.mjs';
import { parsePackageOptions, toSigningArgs } from '../../../../scripts/lib/package/options.mjs';
import { parseArguments } from '../../../../src/main/arguments';

const manifest = { version: '1.2.0', license: 'MIT' };
const date = new Date('2026-11-30T12:00:00Z');
const maintainer = 'Anna Muster <anna@traywatch.org>';
const release = toIdentity(manifest, { version: null, trialOf: null, date, maintainer });
const trial = toIdentity(manifest, { version: null, trialOf: '33.2.1', date, maintainer: '' });

/** The help of the program. */
function help(): string {
  const parsed = parseArguments(['--help'], '1.2.0', 'linux');
  return parsed.action === 'print' ? parsed.text : '';
}

describe('a version', () => {
  it('of a trial build or of a beta sorts before the release, by the rules of dpkg', () => {
    const beta = toIdentity(manifest, { version: '1.2.0-beta.1', trialOf: null, date, maintainer });
    const betaTrial = toIdentity(manifest, { version: '1.2.0-beta.1', trialOf: '33.2.1', date, maintainer });
    expect([release, trial, beta, betaTrial].map(({ packageVersion }) => packageVersion)).toEqual(['1.2.0', '1.2.0~trial', '1.2.0~beta.1', '1.2.0~beta.1~trial']);
    for (const { packageVersion } of [trial, beta, betaTrial]) {
      const compared = spawnSync('dpkg', ['--compare-versions', packageVersion, 'lt', release.packageVersion]);
      // Where there is no dpkg, nobody compares.
      if (compared.error === undefined) expect(compared.status).toBe(0);
    }
  });

  it('has no tilde in file names, which download sites replace', () => {
    expect([release.label, trial.label]).toEqual(['1.2.0', '1.2.0-trial']);
  });
});

describe('a trial build', () => {
  it('says so in its version, its summary and its description, and a release does not', () => {
    expect(trial.summary).toContain('trial build, Electron 33.2.1');
    expect(trial.description[0]).toMatch(/^This is a trial build .* Electron 33\.2\.1/);
    expect(JSON.stringify(release)).not.toContain('trial');
  });
});

describe('who answers for a package', () => {
  const of = (trialOf: string | null, given: string): string => toIdentity(manifest, { version: null, trialOf, date, maintainer: given }).maintainer;

  it('is who was named, and nobody for a trial build where none was', () => {
    expect([of(null, maintainer), of('33.2.1', maintainer)]).toEqual([maintainer, maintainer]);
    expect(of(null, 'José da Silva-Ōe <jose+pkg@mail.host-1.org>')).toBe('José da Silva-Ōe <jose+pkg@mail.host-1.org>');
    expect(of('33.2.1', '')).toMatch(/^[^<]+ <[^@]+@[^@]+\.example>$/);
  });

  it('must be named for a release, by an address that reaches somebody', () => {
    expect(() => of(null, '')).toThrow('Set TRAYWATCH_MAINTAINER="Name <address>"');
    expect(() => of(null, trial.maintainer)).toThrow('reaches nobody');
  });

  it.each(['anna@traywatch.org', 'Anna Muster', '<anna@traywatch.org>', ' <anna@traywatch.org>', 'Anna <anna@host>', 'Anna <anna at host.org>', 'Anna Muster <anna@traywatch.org> ', 'Anna, Ben <anna@traywatch.org>', 'Anna <a@b.org>\nPriority: required', '%{getenv:HOME} <a@b.org>', 'Anna <a@b..org>'])('is refused as %j, for a trial build as well', (given) => {
    for (const trialOf of [null, '33.2.1']) expect(() => of(trialOf, given)).toThrow('must be a name and an address');
  });
});

describe('the control file', () => {
  const control = toControl(trial, { architecture: 'amd64', depends: 'libc6 (>= 2.34)', kilobytes: 240_000 });

  it('has the fields that dpkg needs, and depends on what is linked and on what is loaded', () => {
    expect(control).toMatch(/^Package: traywatch\nVersion: 1\.2\.0~trial-1\n/);
    expect(control).toMatch(/^Depends: libc6 \(>= 2\.34\), libnotify4, libsecret-1-0$/m);
    expect(control).toMatch(/^Maintainer: .+ <.+@.+>$/m);
    expect(control).toMatch(/^Installed-Size: 240000$/m);
  });

  it('has a description of lines that fit, with each paragraph whole', () => {
    const lines = control.slice(control.indexOf('Description:')).trimEnd().split('\n').slice(1);
    expect(lines.every((line) => line === ' .' || /^ \S/.test(line))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join('\n').split('\n .\n').map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())).toEqual(trial.description);
  });
});

describe('the manual page', () => {
  it('names each option that the program prints, with its description', () => {
    const page = toManPage(help(), release);
    const entries = parseHelp(help());
    const printed = [...help().matchAll(/--[a-z][\w-]*/g)].map(([name]) => name);
    expect(printed.length).toBeGreaterThan(4);
    expect(new Set(entries.map(({ option }) => option.split('=')[0]))).toEqual(new Set(printed));
    const plain = page.replaceAll(String.raw`\-`, '-').replaceAll(/\\f[IR]/g, '');
    for (const { option, text } of entries) expect(plain).toContain(`\n${text}\n`.replace(/^\n/, `${option.includes('=') ? `.B ${option}` : `.B ${option}`}\n`));
    expect(page).toMatch(/^\.TH TRAYWATCH 1 "2026-11-30" "Traywatch 1\.2\.0"/);
  });

  it('takes a description that goes on in the next line', () => {
    expect(parseHelp('Usage: x [options]\n\n  --long=VALUE   one\n                 two\n  --short        three\n')).toEqual([
      { option: '--long=VALUE', text: 'one two' },
      { option: '--short', text: 'three' },
    ]);
  });

  it('escapes what the formatter would take for its own', () => {
    const page = toManPage(String.raw`  --a   .dot \back`, release);
    expect(page).toContain(`${String.raw`\&.dot \eback`}\n`);
  });
});

describe('the command line', () => {
  it.each([
    [[], { formats: ['dir'], fast: false, version: null, output: 'dist' }],
    [['deb', 'rpm', 'deb', '--fast'], { formats: ['deb', 'rpm'], fast: true, version: null, output: 'dist' }],
    [['deb', '--version=2.0.0-beta.1', '--output=/tmp/x'], { formats: ['deb'], fast: false, version: '2.0.0-beta.1', output: '/tmp/x' }],
    [['--linux', 'AppImage'], null],
    [['--mac', '--arm64'], null],
  ])('%j is understood', (args, options) => {
    expect(parsePackageOptions(args)).toEqual(options);
  });

  it.each([
    [['deb', 'snap'], 'Unknown argument "snap"'],
    [['rpm', '--quick'], 'Unknown argument "--quick"'],
    [['deb', '--version=two'], '"two" is no version'],
  ])('%j is refused', (args, message) => {
    expect(() => parsePackageOptions(args)).toThrow(message);
  });

  it('asks for a certificate on a Mac where one is given, and signs by nobody where the secret is empty', () => {
    expect(toSigningArgs({ CSC_LINK: 'cHJvYmU=' })).toEqual(['-c.mac.identity=Developer ID', '-c.mac.hardenedRuntime=true']);
    expect([toSigningArgs({ CSC_LINK: '' }), toSigningArgs({})]).toEqual([[], []]);
  });
});
