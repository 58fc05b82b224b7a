import { describe, expect, it } from 'vitest';
import { ofMachine } from '../../../../src/renderer/data/of-machine';
import type { Transport } from '../../../../src/shared/api/client';

const ID = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);

/** A transport that records its calls and pushes what a test wants. */
function createWorld() {
  const calls: unknown[][] = [];
  let push = (_name: string, _payload: unknown): void => undefined;
  const transport: Transport = {
    call: (...args) => {
      calls.push(args);
      return Promise.resolve({ ok: true, value: null });
    },
    subscribe: (listener) => {
      push = listener;
      return () => undefined;
    },
    onInterruption: () => () => undefined,
  };
  const received: unknown[][] = [];
  const decorated = ofMachine(transport, ID);
  decorated.subscribe((...event) => received.push(event));
  return { calls, decorated, received, push: (name: string, payload: unknown) => push(name, payload) };
}

describe('a transport about another machine', () => {
  it('names the machine in calls that can be about one, and in no others', async () => {
    const { decorated, calls } = createWorld();
    await decorated.call('series', { from: 0 });
    await decorated.call('machines', {});
    await decorated.call('updateSettings', {});
    expect(calls).toEqual([['series', { from: 0 }, ID], ['machines', {}], ['updateSettings', {}]]);
  });

  it('passes events of that machine on as if they were of this one', () => {
    const { push, received } = createWorld();
    push('machineEvent', { machine: ID, name: 'batch', payload: { seq: 1 } });
    push('machineEvent', { machine: OTHER, name: 'batch', payload: { seq: 2 } });
    push('batch', { seq: 3 });
    push('openAlerts', {});
    expect(received).toEqual([['batch', { seq: 1 }]]);
  });

  it('lets events about Traywatch itself through', () => {
    const { push, received } = createWorld();
    push('machines', []);
    push('lanAccess', {});
    expect(received.map(([name]) => name)).toEqual(['machines', 'lanAccess']);
  });

  it('takes nothing that is not an event of a machine', () => {
    const { push, received } = createWorld();
    for (const payload of [null, 'x', {}, { machine: ID, name: 'navigate', payload: { path: '/' } }, { machine: ID, name: 5, payload: 0 }]) push('machineEvent', payload);
    expect(received).toEqual([]);
  });

  it('keeps what else the transport can', () => {
    expect(createWorld().decorated.onInterruption).toBeDefined();
  });
});
