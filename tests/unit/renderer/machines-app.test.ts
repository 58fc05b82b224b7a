import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/renderer/create-app';
import { createClient } from '../../../src/shared/api/client';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import { madeUpMachines } from '../../support/e2e/made-up-machines';
import { createManualTimers, settle } from '../../support/timers';

const NOW = 1_000_000_000;
const SNAPSHOT = { seq: 1, time: NOW, paused: false, readings: {}, faults: {}, lastKnown: {}, readAt: {} };

/** An app of a machine, null for the one Traywatch runs on, whose calls are recorded. */
function start(machine: string | null = null, responses: Readonly<Record<string, unknown>> = {}) {
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const all: Readonly<Record<string, unknown>> = { snapshot: SNAPSHOT, setViewedFamilies: null, ...responses };
  const client = createClient({
    call: (name, input) => {
      calls.push({ name, input });
      return Promise.resolve(Object.hasOwn(all, name) ? { ok: true, value: all[name] } : { ok: false, code: 'Unavailable', message: 'no response' });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const bar = { location: { hash: machine === null ? '' : `#/m/${machine}/` }, history: { back: () => undefined }, addEventListener: () => undefined, removeEventListener: () => undefined };
  const timers = createManualTimers();
  const app = createApp({ client, timers, bar, machine, onSnapshot: () => undefined });
  const inputsOf = (name: string): readonly unknown[] => calls.filter((call) => call.name === name).map(({ input }) => input);
  return { app, timers, inputsOf, push: (name: string, payload: unknown) => listeners.forEach((listener) => listener(name, payload)) };
}

describe('an app and machines', () => {
  it('of another machine watches it on every page, and not while the page is hidden', async () => {
    const { app, timers, inputsOf } = start('a'.repeat(32));
    await settle();
    app.router.goTo(`/m/${'a'.repeat(32)}/alerts`);
    timers.advance(240_000);
    app.setVisible(false);
    timers.advance(600_000);
    const sent = inputsOf('setViewedFamilies').map((input) => (input as { families: readonly string[] }).families.length);
    expect(sent).toEqual([FAMILY_IDS.length, 1, 1, 0]);
  });

  it('of another machine can use what is about that machine, and nothing that changes this one', () => {
    const { app } = start('a'.repeat(32));
    const { app: own } = start();
    for (const name of ['series', 'incidents', 'machines', 'saveFile', 'lanApprove'] as const) expect([app.can(name), own.can(name)]).toEqual([true, true]);
    for (const name of ['updateSettings', 'acknowledge', 'processes', 'powerRequest', 'lanAccess', 'saveMachine'] as const) expect([app.can(name), own.can(name)]).toEqual([false, true]);
  });

  it('keeps the objects of machines that have not changed, and their sparklines', async () => {
    const machines = madeUpMachines(3, NOW);
    const { app, push } = start(null, { machines });
    await settle();
    const before = app.machines.store.getState().list ?? [];
    expect(before.map(({ name }) => name)).toEqual(machines.map(({ name }) => name));
    push('machines', machines.map((machine, at) => ({ ...machine, spark: null, ...(at === 2 ? { open: 7 } : {}) })));
    const after = app.machines.store.getState().list ?? [];
    expect(after.map((machine, at) => machine === before[at])).toEqual([true, true, false, true]);
    expect(after[2]).toEqual({ ...before[2], open: 7 });
  });

  it('says why the machines could not be loaded, and forgets it once they are', async () => {
    const { app, push } = start();
    await settle();
    expect(app.machines.store.getState()).toMatchObject({ list: null, failure: 'No response.' });
    push('machines', madeUpMachines(1, NOW));
    expect(app.machines.store.getState().failure).toBeNull();
  });
});
