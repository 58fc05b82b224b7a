/** The machines of a hub under test, over real files; they close with the test. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Machines } from '../../src/main/machines/index';
import type { MachinesParts } from '../../src/main/machines/index';
import { createCallbackLog } from './log';
import type { createSimulatedTime } from './timers';

/** Opens them in a folder; `change` replaces parts. `events` are the types of the events that the hub itself records. */
export function openMachines(folder: string, { clock, timers }: Pick<ReturnType<typeof createSimulatedTime>, 'clock' | 'timers'>, change: Partial<MachinesParts>): { machines: Machines; events: string[] } {
  const events: string[] = [];
  const machines = new Machines({
    path: join(folder, 'machines.json'),
    folder: join(folder, 'machines'),
    clock,
    timers,
    log: createCallbackLog(() => undefined),
    version: '0.0.0',
    compact: () => Promise.resolve(),
    record: ({ type }) => events.push(type),
    mayReport: () => true,
    onChange: () => undefined,
    onEvent: () => undefined,
    onState: () => undefined,
    onAlert: () => undefined,
    ...change,
  });
  onTestFinished(() => machines.close());
  return { machines, events };
}
