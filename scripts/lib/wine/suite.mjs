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
];

/** Programs that tests start, from the root. */
export const PROGRAMS = ['tests/support/store-writer.ts', 'tests/support/folder-locker.ts', 'tests/support/history-deleter.ts', 'tests/support/file-holder.ts'];

/**
 * @typedef {object} LeftOut
 * @property {string} file from the root
 * @property {RegExp} tests of full names: the titles of its blocks and its own, joined by " > "
 * @property {string} reason
 */

/** @type {LeftOut[]} */
export const LEFT_OUT = [];
