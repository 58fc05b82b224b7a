/** All machines: this one, and those that report here, with what can be changed about them. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { problemText } from '../../shared/api/problem-text';
import type { Client } from '../../shared/api/client';
import { THIS_MACHINE } from '../../shared/machines/this-machine';
import type { MachineSettings, MachineSummary } from '../../shared/machines/machine-schemas';
import type { Result } from '../../shared/result';

/** What is known of the machines. */
interface MachinesSlice {
  /** This one first; null until the first response. */
  readonly list: readonly MachineSummary[] | null;
  /** Why the list could not be loaded; null while it could. */
  readonly failure: string | null;
  /** Milliseconds that the clock of this machine is ahead of the page's, which in a browser is another one; 0 where it is about the same. */
  readonly ahead: number;
}

/** Owns the list. Commands resolve to null, or to a message why they failed. */
export interface MachinesController {
  readonly store: StoreApi<MachinesSlice>;
  load(): Promise<void>;
  save(id: string, settings: MachineSettings): Promise<string | null>;
  remove(id: string): Promise<string | null>;
  stop(): void;
}

/** The new list, with the former object for each machine of which nothing has changed, so that its card is not rendered again. Pushed lists have no sparklines: the former ones stay. */
function merged(before: readonly MachineSummary[] | null, after: readonly MachineSummary[]): readonly MachineSummary[] {
  const former = new Map(before?.map((machine) => [machine.id, machine]));
  return after.map((machine) => {
    const known = former.get(machine.id);
    const next = machine.spark === null && known !== undefined ? { ...machine, spark: known.spark } : machine;
    return known !== undefined && JSON.stringify(known) === JSON.stringify(next) ? known : next;
  });
}

/** Clocks that differ by less count as the same, ms: what is sent takes time. */
const SAME_CLOCK = 5000;

/** How far the clock of the machine Traywatch runs on is ahead of `now`, by its latest sample; as before where that is old. */
function aheadOf(list: readonly MachineSummary[], now: number, before: number): number {
  const own = list.find(({ id }) => id === THIS_MACHINE);
  if (own?.state !== 'live' || own.sampledAt === null) return before;
  const ahead = own.sampledAt - now;
  return Math.abs(ahead) < SAME_CLOCK ? 0 : ahead;
}

/** Creates the controller, which subscribes to changes at once. */
export function createMachinesController(client: Client): MachinesController {
  const store = createStore<MachinesSlice>(() => ({ list: null, failure: null, ahead: 0 }));
  const set = (list: readonly MachineSummary[]): void =>
    store.setState((before) => ({ list: merged(before.list, list), failure: null, ahead: aheadOf(list, Date.now(), before.ahead) }));
  const stop = client.subscribe((event) => {
    if (event.name === 'machines') set(event.payload);
  });
  const apply = (response: Result<readonly MachineSummary[]>): string | null => {
    if (!response.ok) return problemText(response.message);
    set(response.value);
    return null;
  };
  return {
    store,
    load: async () => store.setState({ failure: apply(await client.call('machines', {})) }),
    save: async (id, settings) => apply(await client.call('saveMachine', { id, settings })),
    remove: async (id) => apply(await client.call('removeMachine', { id })),
    stop,
  };
}
