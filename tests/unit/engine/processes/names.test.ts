/** Names that the kernel cut after 15 bytes, completed from the command line. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCulprits } from '../../../../src/main/engine/processes/culprits';
import { nameOf, sanitizeName, wantsCommand } from '../../../../src/main/engine/processes/sanitize';
import { info } from '../../../support/process-source';
import { onMachine } from '../../../support/proc-tree';

/** What the kernel makes of a name: its first 15 bytes, as they are read. */
const cutName = (name: string): string => Buffer.from(name).subarray(0, 15).toString('utf8');

/** The name shown for the kernel's name and a command line. */
const shown = (name: string, ...line: readonly string[]): string => nameOf(name, line[0] ?? '', line.join('\0'));

describe('a cut name', () => {
  it.each([
    ['of a program', 'gnome-terminal-', ['/usr/libexec/gnome-terminal-server'], 'gnome-terminal-server'],
    ['of a program that is exactly as long', 'fifteen-letters', ['/usr/bin/fifteen-letters', '--other', '/srv/fifteen-letters-more'], 'fifteen-letters'],
    ['of a script', 'unattended-upgr', ['/usr/bin/python3', '/usr/share/unattended-upgrades/unattended-upgrade-shutdown', '--wait'], 'unattended-upgrade-shutdown'],
    ['of a script whose interpreter has an option', 'long-perl-scrip', ['/usr/bin/perl', '-wT', '/usr/bin/long-perl-script.pl', 'run'], 'long-perl-script.pl'],
    ['of a script whose interpreter is a script', 'nested-script-w', ['/bin/sh', '-e', '/usr/bin/wrapper', '--', '/opt/nested-script-with-name'], 'nested-script-with-name'],
    ['of a script with options that have values', 'ruby-long-servi', ['ruby', '-I', '/opt/lib', '-r', 'set', 'bin/ruby-long-service'], 'ruby-long-service'],
    ['of a Node script', 'language-server', ['node', '--max-old-space-size=4096', '/opt/x/language-server-host.js'], 'language-server-host.js'],
    ['of a Java main class', 'org.example.Ser', ['java', '-cp', '/opt/a.jar:/opt/b.jar', 'org.example.Server'], 'org.example.Server'],
    ['of a jar', 'elasticsearch-7', ['/usr/bin/java', '-Xmx1g', '-jar', '/opt/elasticsearch-7.jar'], 'elasticsearch-7.jar'],
    ['of an assembly', 'Company.Product', ['dotnet', 'exec', '/opt/Company.Product.Api.dll'], 'Company.Product.Api.dll'],
    ['of a foreign binary', 'aarch64-long-pr', ['/usr/bin/qemu-aarch64-static', '/opt/aarch64-long-program'], 'aarch64-long-program'],
    ['of a Windows program', 'SteelSeriesGGCl', ['C:\\Program Files\\SteelSeries\\GG\\SteelSeriesGGClient.exe', '-dataPath=C:\\ProgramData'], 'SteelSeriesGGClient.exe'],
    ['of a login shell', 'my-very-long-sh', ['-my-very-long-shell'], 'my-very-long-shell'],
    ['of a program with blanks in its name', 'My Long Program', ['/opt/My Long Program/My Long Program Helper', '--x'], 'My Long Program Helper'],
    ['of the same without arguments', 'My Long Program', ['/opt/My Long Program/My Long Program Helper', ''], 'My Long Program Helper'],
    ['of a program in a folder of its name', 'mattermost-desk', ['/opt/mattermost-desktop-5/mattermost-desktop', '--type=zygote'], 'mattermost-desktop'],
    ['that wrote a status over its arguments', 'stress-ng-matri', ['stress-ng-matrix [run]', '', '', ''], 'stress-ng-matrix'],
    ['that wrote a status with a path', 'gunicorn: maste', ['gunicorn: master [/srv/app/main]'], 'gunicorn: master'],
    ['that wrote its arguments as one text', 'mattermost-desk', ['/opt/Matter Most/mattermost-desktop --type=renderer --user-data-dir=/home/ada/x'], 'mattermost-desktop'],
    ['that wrote a script’s arguments as one text', 'long-perl-scrip', ['/usr/bin/perl /usr/bin/long-perl-script.pl /var/data'], 'long-perl-script.pl'],
    ['that wrote one text with a blank in its name', 'Microsoft Teams', ['/opt/Microsoft Teams/Microsoft Teams --type=gpu-process --dir=/tmp'], 'Microsoft Teams'],
  ])('%s is completed', (_, name, line, whole) => {
    expect(wantsCommand(name)).toBe(true);
    expect(shown(name, ...line)).toBe(whole);
  });

  it.each([
    ['a folder', 'my-long-daemon-', ['/opt/my-long-daemon-v2/bin/run', '--conf', '/etc/my-long-daemon-v2/main.conf']],
    ['an option', 'my-long-daemon-', ['python3', 'run.py', '--log=/var/log/my-long-daemon-errors.log']],
    ['what only contains it', 'my-long-daemon-', ['not-my-long-daemon-x', 'run']],
    ['what begins like it', 'my-long-daemon-', ['/usr/bin/my-long-daemon', '/usr/bin/my-long-d']],
    ['what differs in case', 'my-long-daemon-', ['/usr/bin/My-Long-Daemon-x']],
    ['a thread name by its program', 'Isolated Web Co', ['/usr/lib/firefox/firefox', '-contentproc', 'tab']],
    ['anything by nothing', 'my-long-daemon-', ['']],
  ])('is not completed by %s', (_, name, line) => {
    expect(shown(name, ...line)).toBe(name);
  });

  it('is completed where the cut went through a character, and shown without half of one otherwise', () => {
    for (const name of ['ééééééééé', 'überwachungsdä-dienst', 'aaaaaaaaaaaa😀-x', 'aaaaaaaaaaaaaa😀-x', '日本語日本-語サービス', '\u{1F600}'.repeat(5)]) {
      const kernel = cutName(name);
      expect(shown(kernel, '/usr/bin/python3', `/opt/${name}`)).toBe(name);
      expect(shown(kernel, '/usr/bin/python3', '/opt/other')).toBe(kernel.replace(/\uFFFD$/, ''));
    }
    // An ASCII character fits into what is left: the kernel would not have cut before it.
    expect(shown(cutName('ééééééééé'), '/opt/éééééééx')).toBe('ééééééé');
  });

  it('of a real replacement character stays', () => {
    expect(shown('aaaaaaaaaaaa\uFFFD', '/opt/aaaaaaaaaaaa\uFFFDbc')).toBe('aaaaaaaaaaaa\uFFFDbc');
    expect(shown('aaaaaaaaaaaaaaa\uFFFD', '/opt/other')).toBe('aaaaaaaaaaaaaaa\uFFFD');
  });
});

const letters = fc.constantFrom('a', 'Z', '7', '-', '.', '_', 'é', 'ß', '語', '😀', ' ');
const program = fc.array(letters, { minLength: 15, maxLength: 40 }).map((all) => `p${all.join('').trim()}x`).filter((name) => Buffer.byteLength(name) > 15);
const folder = fc.array(fc.constantFrom('/opt', '/usr/bin', '/a b', '/ä'), { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('')}/`);
const interpreter = fc.constantFrom('/usr/bin/python3', 'node', '/bin/sh', '/usr/bin/perl', 'java');
const option = fc.constantFrom('-u', '--jar', '-Xmx1g', '--type=renderer', '-wT');

describe('any name', () => {
  it('of a program or a script is complete, whatever its interpreter, options and arguments (property)', () => {
    const line = fc.record({ name: program, path: folder, before: fc.option(fc.tuple(interpreter, fc.array(option, { maxLength: 3 }))), after: fc.array(fc.string(), { maxLength: 3 }) });
    fc.assert(
      fc.property(line, ({ name, path, before, after }) => {
        const all = [...(before === null ? [] : [before[0], ...before[1]]), `${path}${name}`, ...after.map((one) => `x${one.replaceAll('\0', '')}`)];
        fc.pre(all.length > 1 || !name.includes(' '));
        expect(shown(cutName(name), ...all)).toBe(sanitizeName(name));
      }),
    );
  });

  it('is one that the kernel would have cut to its own, or the kernel’s (property)', () => {
    const text = fc.array(fc.constantFrom('aaaaa', 'b', '/', ' ', '\0', '-', 'é', '😀', '\\', ': '), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(program, text, text, (name, before, after) => {
        const kernel = cutName(name);
        const found = nameOf(kernel, '', `${before}${name}${after}`);
        const clean = sanitizeName(kernel.replace(/\uFFFD$/, ''));
        expect(found.startsWith(clean)).toBe(true);
      }),
    );
  });
});

describe('two programs whose names begin alike', () => {
  it('are two, also in what an alert names', () =>
    onMachine(async (machine) => {
      const python = (script: string): string => `/usr/bin/python3\0/usr/share/unattended-upgrades/${script}\0`;
      machine.put({ pid: 1, name: 'unattended-upgr', pages: 300, command: python('unattended-upgrade-shutdown') });
      machine.put({ pid: 2, name: 'unattended-upgr', pages: 200, command: python('unattended-upgrade') });
      machine.put({ pid: 3, name: 'unattended-upgr', pages: 100, command: python('unattended-upgrade') });
      const { processes } = await machine.source().snapshot('plain');
      const rows = processes.map(({ pid, name, memory }) => info(pid, { name, memory }));
      expect(toCulprits(rows, 'memory').map(({ name, value }) => [name, value / 4096])).toEqual([['unattended-upgrade-shutdown', 300], ['unattended-upgrade', 300]]);
    }));

  it('have the kernel’s name where it is a kernel thread’s', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 2, name: 'kworker/u16:3-events_unbound', flags: 0x208040, command: 'kworker/u16:3-events_unbound-more' });
      expect((await machine.source().snapshot('full')).processes[0]).toMatchObject({ name: 'kworker/u16:3-events_unbound', command: null });
    }));
});
