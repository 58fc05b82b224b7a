/** The command line of the program without a desktop. */
import { expect, it } from 'vitest';
import { parseHeadlessArguments } from '../../../src/main/node/arguments';

const RUN = { action: 'run', pairAs: 'viewer', acceptMachines: false, folder: null };

it('runs without any option; what leaves a desktop out changes nothing', () => {
  for (const args of [[], ['--headless'], ['--headless', '--hidden']]) expect(parseHeadlessArguments(args, '1.2.3')).toEqual(RUN);
});

it('takes the role of paired browsers and the folder', () => {
  expect(parseHeadlessArguments(['--pair-as=admin', '--user-data-dir=a=b'], '1.2.3')).toEqual({ action: 'run', pairAs: 'admin', acceptMachines: false, folder: 'a=b' });
});

it('lets machines join where it is told to', () => {
  expect(parseHeadlessArguments(['--accept-machines'], '1.2.3')).toEqual({ ...RUN, acceptMachines: true });
});

it('prints version and help', () => {
  expect(parseHeadlessArguments(['--version'], '1.2.3')).toEqual({ action: 'print', exitCode: 0, text: '1.2.3\n' });
  for (const flag of ['--help', '-h']) expect(parseHeadlessArguments([flag], '1.2.3')).toMatchObject({ action: 'print', exitCode: 0, text: expect.stringMatching(/^Traywatch 1\.2\.3, without a desktop\n/) });
});

it('prints diagnostics of a folder, with or without names', () => {
  expect(parseHeadlessArguments(['--diagnose'], '1.2.3')).toEqual({ action: 'diagnose', withNames: false, folder: null });
  expect(parseHeadlessArguments(['--user-data-dir=/x', '--diagnose=full'], '1.2.3')).toEqual({ action: 'diagnose', withNames: true, folder: '/x' });
});

it.each([
  ['--pair-as=root', '--pair-as must be viewer or admin, as in --pair-as=admin; got "--pair-as=root"'],
  ['--user-data-dir', '--user-data-dir must name a folder, as in --user-data-dir=DIR; got "--user-data-dir"'],
  ['--user-data-dir=', '--user-data-dir must name a folder'],
  ['--autostart=on', '--autostart is an option of the desktop app'],
  ['--diagnose=all', '--diagnose takes nothing or full'],
  ['--no-sandbox', 'unknown option "--no-sandbox"'],
  ['--headless=1', 'unknown option "--headless=1"'],
  ['file.txt', 'unknown option "file.txt"'],
  ['', 'unknown option ""'],
])('%j is refused with code 2 and a reason', (flag, reason) => {
  expect(parseHeadlessArguments([flag], '1.2.3')).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringContaining(`traywatch: ${reason}`) });
});

it.each(['--headless', '--pair-as=viewer', '--accept-machines'])('diagnostics are not combined with %s', (flag) => {
  expect(parseHeadlessArguments(['--diagnose', flag], '1.2.3')).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringContaining('cannot be combined') });
});

const joined = (...args: string[]): unknown => parseHeadlessArguments(args, '1.2.3');

it('--join takes its values with and without a sign of equality', () => {
  const join = { url: 'https://hub:8543', code: '123456', fingerprint: null };
  expect(joined('--join', 'https://hub:8543', '--code', '123456')).toMatchObject({ action: 'run', join });
  expect(joined('--headless', '--code=123 456', '--join=https://hub:8543')).toMatchObject({ action: 'run', join });
  expect(joined('--join=https://hub:8543', '--code=12345678', `--fingerprint=${'aB:'.repeat(32)}`)).toMatchObject({ join: { code: '12345678', fingerprint: 'aB:'.repeat(32) } });
});

it.each([
  [['--join'], '--join must name the hub'],
  [['--code=123456'], '--join must name the hub'],
  [['--join=https://hub:8543'], '--join needs the code'],
  [['--join=https://hub:8543', '--code=12345'], '--join needs the code'],
  [['--join=https://hub:8543', '--code', '--headless'], '--join needs the code'],
  [['--join=https://hub:8543', '--code=123456', '--fingerprint=AB'], '--fingerprint must be'],
  [['--join=https://hub:8543', '--code=123456', '--diagnose'], '--diagnose cannot be combined'],
  [['https://hub:8543'], 'unknown option'],
])('%j is an error that says what is missing', (args, text) => {
  expect(joined(...args)).toMatchObject({ action: 'print', exitCode: 2, text: expect.stringContaining(text) });
});
