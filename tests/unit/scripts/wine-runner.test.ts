/** What stands in for the test runner under Wine: a test that fails must fail there as well. */
import { describe, expect, it } from 'vitest';
import * as wine from '../../../scripts/lib/wine/vitest.mjs';
import type { Result } from '../../../scripts/lib/wine/vitest.mjs';

const calls: string[] = [];
const note = (call: string) => (): void => void calls.push(call);

/** Tests of all kinds, in the order of their results. */
function describeAll(): void {
  wine.it('at the top', note('top'));
  wine.describe('hooks', () => {
    wine.beforeAll(note('beforeAll'));
    wine.beforeEach(() => {
      calls.push('beforeEach');
      return note('after beforeEach');
    });
    wine.afterEach(note('afterEach'));
    wine.afterAll(note('afterAll'));
    wine.describe('inside', () => {
      wine.it('in order', async () => {
        wine.onTestFinished(note('finished first'));
        wine.onTestFinished(note('finished last'));
        await Promise.resolve();
        calls.push('test');
      });
    });
  });
  wine.describe('failures', () => {
    wine.it('of an expectation', () => wine.expect([1, { a: 2 }]).toEqual([1, { a: 3 }]));
    wine.it('later', async () => {
      await Promise.resolve();
      throw new Error('thrown later');
    });
    wine.it('at the end', () => wine.onTestFinished(() => Promise.reject(new Error('not cleaned up'))));
    wine.it('of what is asked again', () => wine.expect.poll(() => 1, { timeout: 1 }).toBe(2));
    wine.it('not, of what is asked again until it holds', () => wine.expect.poll(() => calls.push('asked')).toBeGreaterThan(20));
  });
  wine.describe('a block whose beginning fails', () => {
    wine.beforeAll(() => {
      throw new Error('no beginning');
    });
    wine.it('has no test that passes', note('never'));
    wine.describe('nor inside', () => wine.it('of it', note('never')));
  });
  wine.describe('an end that fails', () => {
    wine.afterAll(() => {
      throw new Error('no end');
    });
    wine.it('after a test', () => undefined);
  });
  wine.it.each([[1, 'one'], [2, 'two']] as const)('%i is %s', (n, name) => void calls.push(`${n} ${name}`));
  wine.it.each([{ name: 'x', deep: { n: 3 } }])('$name has $deep.n', ({ deep }) => void calls.push(String(deep.n)));
  wine.it.skipIf(true)('skipped by a condition', note('never'));
  wine.describe.runIf(false)('a block skipped by a condition', () => wine.it('with its test', note('never')));
  wine.it('skipped by itself', ({ skip }) => skip('no such thing here'));
  wine.it('left out', note('never'));
}

describe('the stand-in for the runner', () => {
  it('tells what passed, failed and was skipped, and calls hooks as the runner does', async () => {
    describeAll();
    const results: Result[] = [];
    await wine.runDescribed((name) => (name === 'left out' ? 'cannot run' : null), (result) => results.push(result));
    expect(results.map(({ state, name }) => `${state} ${name}`)).toEqual([
      'passed at the top',
      'passed hooks > inside > in order',
      'failed failures > of an expectation',
      'failed failures > later',
      'failed failures > at the end',
      'failed failures > of what is asked again',
      'passed failures > not, of what is asked again until it holds',
      'failed a block whose beginning fails > has no test that passes',
      'failed a block whose beginning fails > nor inside > of it',
      'passed an end that fails > after a test',
      'failed an end that fails (afterAll)',
      'passed 1 is one',
      'passed 2 is two',
      'passed x has 3',
      'skipped skipped by a condition',
      'skipped a block skipped by a condition > with its test',
      'skipped skipped by itself',
      'skipped left out',
    ]);
    expect(calls.filter((call) => call !== 'asked')).toEqual(['top', 'beforeAll', 'beforeEach', 'test', 'after beforeEach', 'afterEach', 'finished last', 'finished first', 'afterAll', '1 one', '2 two', '3']);
    const reasonOf = (name: string): string | undefined => results.find((one) => one.name.endsWith(name))?.reason;
    expect(reasonOf('of an expectation')).toMatch(/expected: \[ 1, \{ a: 3 \} \]\nreceived: \[ 1, \{ a: 2 \} \]/);
    expect([reasonOf('later'), reasonOf('at the end'), reasonOf('no test that passes')].map((text) => text?.split('\n')[0])).toEqual(['Error: thrown later', 'Error: not cleaned up', 'Error: no beginning']);
    expect([reasonOf('skipped by itself'), reasonOf('left out')]).toEqual(['no such thing here', 'cannot run']);
  });
});
