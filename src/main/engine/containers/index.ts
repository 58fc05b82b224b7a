/** The way into the room: the containers of this machine, put together. What the room is, is said in types.ts. */
import { totalmem } from 'node:os';
import { createDeadlines } from '../deadlines';
import { yieldToEventLoop } from '../time-slicing';
import { createContainers as putTogether } from './containers';
import { createCounterReader } from './numbers/counters';
import type { Containers, ContainersParts } from './parts';
import { toSeriesNames } from './series-names';

export type { Containers } from './parts';

/** What is needed of the machine. */
export interface MachineParts extends Omit<ContainersParts, 'counters' | 'nameSeries' | 'uid'> {
  /** The user this program runs as. */
  account(): { readonly uid: number } | null;
}

/** Creates it; nothing is opened before the first read. */
export function createContainers(parts: MachineParts): Containers {
  const failures = parts.log.scoped('container statistics');
  const counters = createCounterReader({ ...parts, timers: createDeadlines(parts.timers, parts.clock), totalMemory: totalmem, yieldToEventLoop, onFailure: (id, reason) => failures.debug('no statistics', { id, reason }) });
  return putTogether({ ...parts, uid: parts.account()?.uid ?? null, counters, nameSeries: toSeriesNames });
}
