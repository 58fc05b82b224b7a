/** Which processes keep the graphics cards of Windows busy, asked once when an alert fires. */
import type { Timers } from '../clock';
import type { SystemDeps } from '../collectors/deps';
import { ENGINES, processesIn } from '../collectors/gpu/adapter-counters';
import { CounterSource } from '../windows/counter-source';

/** Time over which the counters are compared, ms. */
const DISTANCE = 1000;

/** Percent of a card by process id; empty where Windows has no such counters. Rejects with a CollectorError. */
export async function readGpuLoads({ system, timers }: { readonly system: Pick<SystemDeps, 'windows'>; readonly timers: Timers }): Promise<ReadonlyMap<number, number>> {
  const source = new CounterSource(system.windows, ENGINES);
  try {
    // The first answer has nothing to be compared with.
    await source.read();
    await new Promise<void>((resolve) => timers.after(DISTANCE, resolve));
    return processesIn(await source.read());
  } finally {
    source.close();
  }
}
