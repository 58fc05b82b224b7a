/**
 * Which tests run on Windows' Node under Wine.
 *
 * To add one: a file `tests/wine/<subject>.test.ts`, written as every other test here (`import { describe, expect, it } from
 * 'vitest'`), runs under Wine alone and needs no line in this file. A test file that also runs on this system is added to
 * FILES. A program that a test starts is added to PROGRAMS; a test gets it by `build` of 'vite', as elsewhere, and starts it
 * with `process.execPath`. Each file has a process of its own, a temporary folder with blanks and letters of other scripts in
 * its name (`os.tmpdir()`), and the working directory is the checkout. A test that cannot run there is listed under LEFT_OUT
 * with the reason, which is printed; a line that matches no test is an error.
 */

/** Globs of test files, from the root. */
export const FILES = [
  'tests/wine/*.test.ts',
  'tests/unit/engine/store/*.test.ts',
  'tests/unit/engine/log.test.ts',
  'tests/unit/lib/{owned-file,state-file}.test.ts',
  'tests/unit/lan/{certificate,stream}.test.ts',
  'tests/unit/settings/settings.test.ts',
  'tests/unit/history/{history-commands,open-history,deletion}.test.ts',
];

/** Programs that tests start, from the root. */
export const PROGRAMS = ['tests/support/store-writer.ts', 'tests/support/folder-locker.ts', 'tests/support/history-deleter.ts', 'tests/support/file-holder.ts'];

/**
 * @typedef {object} LeftOut
 * @property {string} file from the root
 * @property {RegExp} tests of full names: the titles of its blocks and its own, joined by " > "
 * @property {string} reason
 */

const NO_LINKS = 'Wine makes no symbolic links, and Windows lets ordinary users make none';
const NO_MODES = 'Windows has no file modes: what is in the folder of a user is closed to others by its access list';
const NO_SUCH_FILES = 'Windows has no named pipes, sockets or devices among its files';

const OPEN_FILES = 'on Windows a database that is open can be neither removed nor renamed nor replaced';
const REMOVED_LATER = 'Wine removes a file that is open only once it is closed';
const SLOW = 'it looks at files so often that it takes many minutes under Wine, and its subject does not depend on the system';

const TOO_MANY_LOOKS = 'Wine keeps a descriptor for each look at a locked file until that is closed, and runs out of them within a day of commits';

/** @type {LeftOut[]} */
export const LEFT_OUT = [
  ...['tests/unit/engine/log.test.ts', 'tests/unit/lib/owned-file.test.ts', 'tests/unit/lib/state-file.test.ts'].flatMap((file) => [
    { file, tests: /a (named pipe|socket|link to a (device|terminal|named pipe))/, reason: NO_SUCH_FILES },
    { file, tests: /a link to (nothing|itself)|(behind|through) a link|disk fails at/, reason: NO_LINKS },
  ]),
  { file: 'tests/unit/engine/log.test.ts', tests: /readable by its owner only/, reason: NO_MODES },
  { file: 'tests/unit/engine/log.test.ts', tests: /created again where it was removed/, reason: REMOVED_LATER },
  { file: 'tests/unit/history/history-commands.test.ts', tests: /of a running task are removed/, reason: REMOVED_LATER },
  { file: 'tests/unit/history/open-history.test.ts', tests: /whose file is replaced, removed or written over/, reason: OPEN_FILES },
  { file: 'tests/unit/engine/store/activity-log-trouble.test.ts', tests: /when that is removed/, reason: OPEN_FILES },
  { file: 'tests/unit/engine/store/trouble.test.ts', tests: /when it is removed while in use/, reason: OPEN_FILES },
  { file: 'tests/unit/engine/store/no-wal.test.ts', tests: /a replaced file is saved/, reason: OPEN_FILES },
  { file: 'tests/unit/engine/store/replaced.test.ts', tests: /> (replaced|removed|moved|left without|given another|a link)/, reason: OPEN_FILES },
  { file: 'tests/unit/engine/store/damage.test.ts', tests: /detected while running/, reason: SLOW },
  { file: 'tests/unit/engine/store/head.test.ts', tests: /merges a window|gets the index of its chunks/, reason: SLOW },
  { file: 'tests/unit/engine/store/rows-after.test.ts', tests: /a copy has each row once/, reason: SLOW },
  { file: 'tests/unit/engine/store/sampled-time.test.ts', tests: /the truth for any runs|earlier version did not store/, reason: SLOW },
  { file: 'tests/unit/engine/store/wrong-clock.test.ts', tests: /every sample that is dated right/, reason: SLOW },
  { file: 'tests/unit/engine/store/tiers.test.ts', tests: /once sealed and once rolled up/, reason: TOO_MANY_LOOKS },
  { file: 'tests/unit/engine/store/years.test.ts', tests: /./, reason: SLOW },
  { file: 'tests/unit/engine/store/folder-lock.test.ts', tests: /a (named pipe|socket|link to a (device|terminal|named pipe))/, reason: NO_SUCH_FILES },
  { file: 'tests/unit/engine/store/folder-lock.test.ts', tests: /a link to (nothing|itself)|whatever path/, reason: NO_LINKS },
];
