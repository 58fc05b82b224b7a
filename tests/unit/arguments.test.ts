import { expect, it } from 'vitest';
import { parseArguments } from '../../src/main/arguments';

it('runs without arguments, hidden or headless', () => {
  expect(parseArguments([], '1.2.3', 'linux')).toEqual({ action: 'run', hidden: false, headless: false, pairAs: 'viewer', acceptMachines: false });
  expect(parseArguments(['--hidden'], '1.2.3', 'linux')).toEqual({ action: 'run', hidden: true, headless: false, pairAs: 'viewer', acceptMachines: false });
  expect(parseArguments(['--headless'], '1.2.3', 'linux')).toEqual({ action: 'run', hidden: false, headless: true, pairAs: 'viewer', acceptMachines: false });
});

it('accepts the options of Electron itself', () => {
  const flags = ['--no-sandbox', '--user-data-dir=/tmp/x', '--inspect=0', '--remote-debugging-port=0', '--force-device-scale-factor=2'];
  expect(parseArguments(flags, '1.2.3', 'linux')).toEqual({ action: 'run', hidden: false, headless: false, pairAs: 'viewer', acceptMachines: false });
});

it.each(['--help', '-h'])('%s prints the usage', (flag) => {
  expect(parseArguments([flag], '1.2.3', 'linux')).toMatchObject({ action: 'print', exitCode: 0, text: expect.stringContaining('--hidden') });
});

it('--version prints the version alone', () => {
  expect(parseArguments(['--version'], '1.2.3', 'linux')).toEqual({ action: 'print', exitCode: 0, text: '1.2.3\n' });
});

it('--pair-as sets the role of browsers paired in headless mode', () => {
  expect(parseArguments(['--headless', '--pair-as=admin'], '1.2.3', 'linux')).toEqual({ action: 'run', hidden: false, headless: true, pairAs: 'admin', acceptMachines: false });
  expect(parseArguments(['--pair-as=viewer', '--headless'], '1.2.3', 'linux')).toMatchObject({ action: 'run', pairAs: 'viewer' });
});

it.each([['--pair-as=root'], ['--pair-as'], ['--pair-as='], ['--pair-as=Admin'], ['-pair-as'], ['--pair-as=viewer=admin']])('%s is an error that lists the roles', (flag) => {
  expect(parseArguments(['--headless', flag], '1.2.3', 'linux')).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringMatching(/^traywatch: --pair-as must be viewer or admin/) });
});

it('--pair-as without --headless is an error', () => {
  expect(parseArguments(['--pair-as=admin'], '1.2.3', 'linux')).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringContaining('requires --headless') });
});

it('--accept-machines lets machines join in headless mode, and there alone', () => {
  expect(parseArguments(['--headless', '--accept-machines'], '1.2.3', 'linux')).toMatchObject({ action: 'run', headless: true, pairAs: 'viewer', acceptMachines: true });
  for (const flags of [['--accept-machines'], ['--diagnose', '--accept-machines'], ['--headless', '--accept-machines=yes']]) expect(parseArguments(flags, '1.2.3', 'linux')).toMatchObject({ action: 'print', exitCode: 2 });
});

it.each(['--hiden', '--hidden=yes', 'file.txt', '-x', '--', '--inspector', ''])('%j is an error that names it', (flag) => {
  const parsed = parseArguments([flag], '1.2.3', 'linux');
  expect(parsed).toMatchObject({ action: 'print', exitCode: 2 });
  if (parsed.action === 'print') expect(parsed.text).toContain(`unknown option "${flag}"`);
});

it.each([
  ['--autostart=on', { action: 'autostart', to: 'on' }],
  ['--autostart=off', { action: 'autostart', to: 'off' }],
  ['--autostart=status', { action: 'autostart', to: 'status' }],
  ['--diagnose', { action: 'diagnose', withNames: false }],
  ['--diagnose=full', { action: 'diagnose', withNames: true }],
])('%s is a command, also for another data folder', (flag, command) => {
  expect(parseArguments([flag, '--user-data-dir=/x'], '1.2.3', 'linux')).toEqual(command);
});

it.each([
  ['--autostart', '--autostart must be on, off or status'],
  ['--autostart=yes', '--autostart must be on, off or status'],
  ['--diagnose=all', '--diagnose takes nothing or full'],
])('%s is an error that says what it takes', (flag, text) => {
  expect(parseArguments([flag], '1.2.3', 'linux')).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringContaining(text) });
});

it.each(['--hidden', '--headless'])('a command does not run beside %s', (flag) => {
  expect(parseArguments([flag, '--diagnose'], '1.2.3', 'linux')).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringContaining('--diagnose cannot be combined') });
});

it('--help lists the commands and their exit codes', () => {
  const parsed = parseArguments(['--help'], '1.2.3', 'linux');
  expect(parsed).toMatchObject({ text: expect.stringMatching(/--autostart=status.*exit code 0 if so, 1 if not, 3 if not known/) });
});

it.each([
  ['-Embedding', 'win32'],
  ['/Embedding', 'win32'],
  ['--updated', 'win32'],
  ['-psn_0_12345', 'darwin'],
] as const)('%s is what %s itself passes on, and an error elsewhere', (flag, own) => {
  for (const platform of ['linux', 'win32', 'darwin'] as const) {
    const parsed = parseArguments(['--hidden', flag], '1.2.3', platform);
    expect(parsed).toMatchObject(platform === own ? { action: 'run', hidden: true } : { action: 'print', exitCode: 2 });
  }
  expect(parseArguments([`${flag}x`], '1.2.3', own)).toMatchObject({ action: 'print', exitCode: 2 });
});

it('--join is for headless mode: with a desktop a hub is joined in the settings', () => {
  expect(parseArguments(['--headless', '--join', 'https://hub:8543', '--code', '123456'], '1.2.3', 'linux')).toMatchObject({ action: 'run', headless: true, join: { url: 'https://hub:8543', code: '123456', fingerprint: null } });
  expect(parseArguments(['--join=https://hub:8543', '--code=123456'], '1.2.3', 'linux')).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringContaining('requires --headless') });
});
