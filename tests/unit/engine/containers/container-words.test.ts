/** Why a container is in its state, in words: what it prints may hold secrets, and is told only where that is wanted. */
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../../../src/main/engine/containers/container-words';
import type { ContainerRecord } from '../../../../src/main/engine/containers/record';

const record = (state: ContainerRecord['state'], inspected: Partial<NonNullable<ContainerRecord['inspected']>>): ContainerRecord =>
  ({ state, health: null, inspected: { state, exitCode: null, oomKilled: false, error: null, health: null, ...inspected } }) as unknown as ContainerRecord;

const unhealthy = record('running', { health: { status: 'unhealthy', failures: 3, output: 'password=hunter2' } });
const ended = record('exited', { exitCode: 3 });

describe('the reason of a state', () => {
  it('quotes neither a health check nor log lines unless that is wanted', () => {
    expect([reasonOf(unhealthy, null), reasonOf(ended, null)]).toEqual(['its health check failed 3 times', 'exit code 3']);
    expect([reasonOf(unhealthy, []), reasonOf(ended, [])]).toEqual(['its health check failed 3 times: password=hunter2', 'exit code 3']);
    expect(reasonOf(ended, ['no such table', 'bye'])).toBe('exit code 3; its last log lines: no such table | bye');
  });
});
