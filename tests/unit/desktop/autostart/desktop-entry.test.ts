import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandOf, composeEntry, composeHidingEntry, isOurs, meaningOf, withCommand } from '../../../../src/main/desktop/autostart/autostart-entry';
import type { Command } from '../../../../src/main/desktop/autostart/autostart-entry';
import { changeEntry, escapeString, parseEntry, parseExec, toExec, toText } from '../../../../src/main/desktop/autostart/desktop-entry';
import { createFolder } from '../../../support/odd-files';

const COMMAND: Command = ['/opt/traywatch/traywatch', '--hidden'];
const context = (over: Partial<Parameters<typeof meaningOf>[1]> = {}) => ({ command: COMMAND, desktop: 'XFCE', canRun: () => true, ...over });

describe('the key Exec', () => {
  it.each([
    ['a plain path', ['/opt/traywatch'], '"/opt/traywatch"'],
    ['spaces', ['/opt/My Apps/x', '--hidden'], '"/opt/My Apps/x" --hidden'],
    // The examples of the specification: four backslashes for one, and \\$ for a dollar sign.
    ['a backslash', [String.raw`/a\b`], String.raw`"/a\\\\b"`],
    ['a dollar sign', ['/a$b'], String.raw`"/a\\$b"`],
    ['a quote and a backtick', ['/a"b`c'], String.raw`"/a\\"b\\` + '`c"'],
    ['a percent sign', ['/100%'], '"/100%%"'],
    ['an argument that needs quotes', ['/a', '--user-data-dir=/My Data'], '"/a" "--user-data-dir=/My Data"'],
    ['other alphabets', ['/home/Łukasz/Трей'], '"/home/Łukasz/Трей"'],
    ['a line break', ['/a\nb'], String.raw`"/a\nb"`],
  ])('%s', (_, command, expected) => {
    expect(toExec(command)).toBe(expected);
    expect(parseExec(expected)).toEqual(command);
  });

  it('gives back every command', () => {
    assert(property(array(string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }), (command) => {
      expect(parseExec(toExec(command))).toEqual(command);
    }));
  });

  it('is one line, which a string of any content is', () => {
    assert(property(string({ unit: 'binary' }), (text) => {
      expect(escapeString(text)).not.toMatch(/[\n\r\t]/);
      expect(toText(escapeString(text))).toBe(text);
    }));
  });

  it('leaves out field codes, and refuses what is not well-formed', () => {
    expect(parseExec('traywatch %U')).toEqual(['traywatch']);
    expect(parseExec('traywatch --icon %i "%%"')).toEqual(['traywatch', '--icon', '%']);
    expect(parseExec('"traywatch')).toBeNull();
    expect(parseExec('a"b"')).toBeNull();
    expect(parseExec('')).toBeNull();
  });
});

/** What GLib, which GNOME, Xfce, Cinnamon and MATE start entries with, runs for an entry. */
function startedByGlib(command: Command, folder: string): string[] {
  const entry = join(folder, 'entry.desktop');
  writeFileSync(entry, composeEntry(command));
  execFileSync('gio', ['launch', entry], { env: { ...process.env, OUT: join(folder, 'out') } });
  return execFileSync('sh', ['-c', `for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -f "$1/done" ] && break; sleep 0.1; done; cat "$1/out"`, 'sh', folder]).toString().split('\0').slice(0, -1);
}

describe('an entry', () => {
  it.skipIf(!existsSync('/usr/bin/gio')).each(['ein "Name" mit $HOME, `x` und \\ Łódź', '100% "sure" \\ $x', 'a=b'])('is started by GLib with the very arguments: %s (skipped where gio is not installed)', (name) => {
    const folder = createFolder();
    const program = join(folder, name);
    writeFileSync(program, '#!/bin/sh\nprintf "%s\\0" "$0" "$@" > "$OUT"; : > "${OUT%out}done"\n', { mode: 0o755 });
    const command: Command = [program, '--user-data-dir=/a b/$x\\y', '--hidden'];
    expect(startedByGlib(command, folder)).toEqual(command);
    expect(commandOf(composeEntry(command))).toEqual(command);
  });

  it.skipIf(!existsSync('/usr/bin/desktop-file-validate'))('is valid (skipped where desktop-file-validate is not installed)', () => {
    const folder = createFolder();
    for (const [name, text] of [['on', composeEntry(['/opt/Mÿ $Apps/100%\\x', '--hidden'])], ['off', composeHidingEntry(COMMAND)]] as const) {
      const file = join(folder, `${name}.desktop`);
      writeFileSync(file, text);
      expect(execFileSync('desktop-file-validate', [file]).toString()).toBe('');
    }
  });

  it('keeps what another program wrote into it when its command changes', () => {
    const text = `# kept\r\n[Desktop Entry]\nExec="/old" --hidden\nX-GNOME-Autostart-enabled=false\nX-Other=1\n\n[Desktop Action new]\nExec=/other\n`;
    const changed = withCommand(text, ['/new', '--hidden']);
    expect(changed).toBe('# kept\n[Desktop Entry]\nExec="/new" --hidden\nX-GNOME-Autostart-enabled=false\nX-Other=1\nTryExec=/new\n\n[Desktop Action new]\nExec=/other\n');
    expect(changeEntry(changed, { 'X-Other': null, Exec: null })).not.toMatch(/X-Other|Exec="\/new"/);
    expect(parseEntry(changed)?.get('TryExec')).toBe('/new');
  });

  it('is ours by its mark alone', () => {
    expect(isOurs(composeEntry(COMMAND))).toBe(true);
    expect(isOurs('[Desktop Entry]\nName=Traywatch\nExec=traywatch\n')).toBe(false);
    expect(isOurs('[Other]\nX-Traywatch-Entry=1\n')).toBe(false);
    expect(isOurs('')).toBe(false);
  });
});

describe('what an entry means', () => {
  const entry = (lines: string): string => `${composeEntry(COMMAND)}${lines}\n`;
  it.each([
    ['as written', entry(''), 'enabled', null],
    ['hidden by the desktop', entry('Hidden=true'), 'disabledElsewhere', null],
    ['turned off in GNOME', entry('X-GNOME-Autostart-enabled=false'), 'disabledElsewhere', null],
    ['turned on again in GNOME', entry('X-GNOME-Autostart-enabled=true'), 'enabled', null],
    ['only for another desktop', entry('OnlyShowIn=GNOME;KDE;'), 'disabledElsewhere', null],
    ['for this desktop, too', entry('OnlyShowIn=GNOME;XFCE;'), 'enabled', null],
    ['not for this desktop', entry('NotShowIn=XFCE;'), 'disabledElsewhere', null],
    ['not well-formed', entry('Exec="'), 'disabledElsewhere', null],
    ['no entry at all', 'hello', 'disabledElsewhere', null],
    ['of another copy', entry('Exec="/usr/bin/traywatch" --hidden'), 'enabled', 'otherCommand'],
    ['with another data folder', entry(String.raw`Exec="/opt/traywatch/traywatch" --user-data-dir=/x --hidden`), 'enabled', 'otherCommand'],
    ['of this copy, with its window', entry('Exec=/opt/traywatch/traywatch'), 'enabled', null],
    ['that hides the one of the system', composeHidingEntry(COMMAND), 'disabled', null],
  ])('%s', (_, text, state, reason) => {
    expect(meaningOf(text, context())).toMatchObject({ state, reason });
  });

  it('is nothing where its program is missing', () => {
    expect(meaningOf(composeEntry(COMMAND), context({ canRun: () => false }))).toEqual({ state: 'disabled', reason: 'programMissing', what: COMMAND[0] });
    expect(meaningOf(entry('TryExec=gone'), context({ canRun: (program) => program !== 'gone' }))).toEqual({ state: 'disabled', reason: 'programMissing', what: 'gone' });
  });
});
