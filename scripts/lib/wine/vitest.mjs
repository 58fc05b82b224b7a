/**
 * Stands in for the test runner under Wine, where it does not run: what our tests use of it (blocks, tests, tables, hooks),
 * with the runner's own `expect`. Tests of a file run one after the other.
 */
import { format, inspect } from 'node:util';
import * as runner from 'vitest';

const { expect: assertionOf, vi } = runner;

/** A Windows program under Wine takes several times as long. */
const SLOWER = 8;
const USUAL_MS = 120_000;

/**
 * @typedef {() => unknown} Action
 * @typedef {{ action: Action, ms: number }} Hook
 * @typedef {{ kind: 'test', name: string, isSkipped: boolean, ms: number, action: (context: object) => unknown }} Test
 * @typedef {{ kind: 'suite', name: string, isSkipped: boolean, children: (Suite | Test)[], hooks: Record<'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach', Hook[]> }} Suite
 * @typedef {{ state: 'passed' | 'failed' | 'skipped', name: string, ms: number, reason?: string }} Result
 */

class Skipped extends Error {}

/** @param {string} name @returns {Suite} */
const createSuite = (name, isSkipped = false) => ({ kind: 'suite', name, isSkipped, children: [], hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] } });

const file = createSuite('');
/** The block whose function is being called. */
let current = file;
/** What the running test has asked to be called at its end; null between tests. @type {Action[] | null} */
let finishing = null;

/** @param {unknown} options @param {number} [usual] */
function toMs(options, usual = USUAL_MS) {
  const given = typeof options === 'number' ? options : options?.timeout;
  return given === undefined ? usual : Math.max(usual, given * SLOWER);
}

/** The function may come before or behind the options. @param {unknown[]} given */
function sorted(given) {
  const [first, second] = given;
  return typeof first === 'function' ? { action: first, options: second } : { action: second, options: first };
}

/** The title of a row of a table. @param {string} title @param {unknown[]} row */
function titleOf(title, row) {
  const count = title.replaceAll('%%', '').split('%').length - 1;
  const named = /** @type {(text: string) => string} */ (text) => text.replaceAll(/\$([\w.]+)/g, (whole, key) => {
    const value = key.split('.').reduce((found, part) => found?.[part], /^\d/.test(key) ? row : row[0]);
    return value === undefined ? whole : String(value);
  });
  return named(count === 0 ? title.replaceAll('%%', '%') : format(title, ...row.slice(0, count)));
}

/** @param {(name: string, isSkipped: boolean, given: unknown[]) => void} add */
function chainable(add, isSkipped = false) {
  const make = (name, ...given) => add(String(name), isSkipped, given);
  const each = (table) => (title, ...given) => {
    const { action, options } = sorted(given);
    for (const entry of table) {
      const row = Array.isArray(entry) ? entry : [entry];
      add(titleOf(title, row), isSkipped, [options, (...more) => action(...row, ...more)]);
    }
  };
  return Object.assign(make, {
    each,
    skipIf: (condition) => chainable(add, isSkipped || Boolean(condition)),
    runIf: (condition) => chainable(add, isSkipped || !condition),
  });
}

export const describe = chainable((name, isSkipped, given) => {
  const suite = createSuite(name, isSkipped);
  current.children.push(suite);
  const outer = current;
  current = suite;
  const { action } = sorted(given);
  const result = action();
  current = outer;
  if (result instanceof Promise) throw new Error(`the block "${name}" is asynchronous`);
});

export const it = chainable((name, isSkipped, given) => {
  const { action, options } = sorted(given);
  current.children.push({ kind: 'test', name, isSkipped, ms: toMs(options), action });
});

const hook = (kind) => (action, options) => void current.hooks[kind].push({ action, ms: toMs(options, USUAL_MS * 2) });
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

/** @param {Action} action */
export function onTestFinished(action) {
  if (finishing === null) throw new Error('onTestFinished() is called outside of a test');
  finishing.push(action);
}

/** Asks again until the matcher holds. @param {() => unknown} ask */
function poll(ask, { interval = 50, timeout = 1000 } = {}) {
  const last = performance.now() + timeout * SLOWER;
  const matcherOf = (isNot) => new Proxy({}, {
    get: (_, name) => (name === 'not' ? matcherOf(!isNot) : async (...wanted) => {
      for (;;) {
        try {
          const found = assertionOf(await ask());
          return (isNot ? found.not : found)[name](...wanted);
        } catch (error) {
          if (performance.now() > last) throw error;
          await new Promise((resolve) => setTimeout(resolve, interval));
        }
      }
    }),
  });
  return matcherOf(false);
}

export const expect = Object.assign((...given) => assertionOf(...given), assertionOf, { poll });
export { vi };

/** @param {Action} action @param {number} ms */
async function within(action, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([action(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs all, and returns the first error. @param {Hook[]} hooks */
async function runAll(hooks) {
  let first = null;
  for (const { action, ms } of hooks) {
    try {
      await within(action, ms);
    } catch (error) {
      first ??= error;
    }
  }
  return first;
}

/** @param {Hook[]} hooks @returns {Promise<Hook[]>} what they returned, to be called at the end */
async function runBefore(hooks) {
  const after = [];
  for (const { action, ms } of hooks) {
    const result = await within(action, ms);
    if (typeof result === 'function') after.unshift({ action: result, ms });
  }
  return after;
}

/** @param {Test} test @param {Suite[]} above @returns {Promise<unknown>} its error; null when there is none */
async function runTest({ action, ms }, above) {
  const own = [];
  finishing = own;
  let error = null;
  let after = [];
  try {
    after = await runBefore(above.flatMap(({ hooks }) => hooks.beforeEach));
    const skip = (...given) => {
      const reason = given.length > 1 || typeof given[0] === 'boolean' ? given[0] && (given[1] ?? '') : (given[0] ?? '');
      if (reason !== false) throw new Skipped(reason);
    };
    await within(() => action({ skip, expect, onTestFinished }), ms);
  } catch (thrown) {
    error = thrown;
  }
  const ends = above.toReversed().flatMap(({ hooks }) => hooks.afterEach.toReversed());
  const late = await runAll([...after, ...ends]);
  // Each may ask for more.
  let last = null;
  while (own.length > 0) last ??= await runAll([{ action: own.pop(), ms: USUAL_MS }]);
  finishing = null;
  return error ?? late ?? last;
}

/** Frames that lead to no test: of this file, of the runner and of Node. */
const FOREIGN_FRAME = /chunks[\\/]vitest-|node_modules[\\/](vitest|chai)[\\/]|node:internal|<anonymous>/;

/** @param {unknown} error */
function textOf(error) {
  if (!(error instanceof Error)) return String(error);
  const [head, ...frames] = (error.stack ?? error.message).split(/\n(?= {4}at )/);
  const { actual, expected } = error;
  const values = actual === undefined && expected === undefined ? [] : [`expected: ${shorten(expected)}`, `received: ${shorten(actual)}`];
  return [head, ...values, ...frames.filter((frame) => !FOREIGN_FRAME.test(frame)).slice(0, 6)].join('\n');
}

/** @param {unknown} value */
const shorten = (value) => inspect(value, { depth: 6, maxArrayLength: 50, breakLength: 200 }).slice(0, 1500);

/**
 * Runs the tests that were described.
 * @param {(name: string) => string | null} whyNot the reason for which a test of this full name cannot run; null where it can
 * @param {(result: Result) => void} onResult
 */
export async function runDescribed(whyNot, onResult) {
  await runSuite(file, { above: [], name: '', isSkipped: false, broken: null }, { whyNot, onResult });
}

/** @param {Suite | Test} entry @param {(test: Test, name: string) => boolean} isWanted @returns {boolean} whether one of its tests is to run */
function hasWanted(entry, name, isWanted) {
  if (entry.isSkipped) return false;
  return entry.kind === 'test' ? isWanted(name) : entry.children.some((child) => hasWanted(child, join(name, child.name), isWanted));
}

const join = (outer, name) => (outer === '' ? name : `${outer} > ${name}`);

/**
 * @param {Suite} suite
 * @param {{ above: Suite[], name: string, isSkipped: boolean, broken: unknown }} place blocks around it, its full name, and why it cannot run: skipped, or an error at the beginning of a block around it
 * @param {{ whyNot: (name: string) => string | null, onResult: (result: Result) => void }} run
 */
async function runSuite(suite, { above, name, isSkipped, broken: outer }, run) {
  const { whyNot, onResult } = run;
  const path = [...above, suite];
  const isNeeded = !isSkipped && outer === null && hasWanted(suite, name, (full) => whyNot(full) === null);
  let broken = outer;
  let after = [];
  if (isNeeded) {
    try {
      after = await runBefore(suite.hooks.beforeAll);
    } catch (error) {
      broken = error;
    }
  }
  for (const child of suite.children) {
    const full = join(name, child.name);
    const skipped = isSkipped || child.isSkipped;
    if (child.kind === 'suite') await runSuite(child, { above: path, name: full, isSkipped: skipped, broken }, run);
    else onResult(await resultOf(child, path, full, skipped, broken, whyNot(full)));
  }
  const late = isNeeded ? await runAll([...after, ...suite.hooks.afterAll.toReversed()]) : null;
  if (late !== null) onResult({ state: 'failed', name: `${name} (afterAll)`, ms: 0, reason: textOf(late) });
}

async function resultOf(test, path, name, isSkipped, broken, reason) {
  if (isSkipped || reason !== null) return { state: 'skipped', name, ms: 0, reason: reason ?? 'skipped by the test itself' };
  if (broken !== null) return { state: 'failed', name, ms: 0, reason: textOf(broken) };
  const begin = performance.now();
  const error = await runTest(test, path);
  const ms = Math.round(performance.now() - begin);
  if (error instanceof Skipped) return { state: 'skipped', name, ms, reason: error.message };
  return error === null ? { state: 'passed', name, ms } : { state: 'failed', name, ms, reason: textOf(error) };
}
