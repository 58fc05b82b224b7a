import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { followUncaught } from '../../../src/main/lib/uncaught';
import type { LastSteps } from '../../../src/main/lib/uncaught';
import { createCallbackLog } from '../../support/log';

/** A process whose errors nothing catches, and what was done about them. `failing` names steps that throw. */
function failingProcess(...failing: (keyof LastSteps)[]) {
  const source = new EventEmitter();
  const did: string[] = [];
  const step = (name: keyof LastSteps) => (text?: string) => {
    did.push(text === undefined ? name : `${name}: ${text.split('\n')[0]}`);
    if (failing.includes(name)) throw new Error(`${name} does not work`);
  };
  const uncaught = followUncaught(source, { print: step('print'), end: step('end') });
  const log = createCallbackLog(({ message, fields }) => did.push(`log: ${message}: ${String((fields?.['error'] as Error | undefined)?.message)}`));
  return { source, did, prepare: () => uncaught.prepare({ log, save: step('save'), tell: step('tell') }) };
}

test('an error is printed, logged and told, what can be saved is saved before that, and the process ends', () => {
  const { source, did, prepare } = failingProcess();
  prepare();
  source.emit('uncaughtException', new Error('no such gauge'), 'uncaughtException');
  expect(did).toEqual(['print: traywatch: an unexpected error: Error: no such gauge', 'log: an unexpected error: no such gauge', 'save', 'tell: no such gauge', 'end']);
});

test('so is a promise that was rejected, with whatever it was', () => {
  const { source, did } = failingProcess();
  source.emit('unhandledRejection', 'a text', Promise.resolve());
  expect(did).toEqual(['print: traywatch: an unexpected error: a text', 'end']);
});

test('before there is a log or anything to save, it is printed and the process ends', () => {
  const { source, did } = failingProcess();
  source.emit('uncaughtException', new Error('too early'));
  expect(did).toEqual(['print: traywatch: an unexpected error: Error: too early', 'end']);
});

test('a step that fails keeps none of the others from being done', () => {
  const { source, did, prepare } = failingProcess('print', 'save', 'tell');
  prepare();
  source.emit('uncaughtException', new Error('first'));
  expect(did.map((line) => line.split(':')[0])).toEqual(['print', 'log', 'log', 'save', 'log', 'tell', 'log', 'end']);
  expect(did).toContain('log: a last step failed: save does not work');
});

test('errors that follow while it ends are written down, and it ends once', () => {
  const { source, did, prepare } = failingProcess();
  prepare();
  for (const message of ['first', 'second']) source.emit('uncaughtException', new Error(message));
  expect(did.filter((line) => /^(save|tell|end)/.test(line))).toEqual(['save', 'tell: first', 'end']);
  expect(did).toContain('log: an unexpected error: second');
});

test('an error while the first one is shown does not end it before that was read', () => {
  const source = new EventEmitter();
  const did: string[] = [];
  followUncaught(source, {
    print: (text) => did.push(/second/.test(text) ? 'second' : 'first'),
    tell: () => {
      source.emit('unhandledRejection', new Error('second'));
      did.push('read');
    },
    end: () => did.push('end'),
  });
  source.emit('uncaughtException', new Error('first'));
  expect(did).toEqual(['first', 'second', 'read', 'end']);
});
