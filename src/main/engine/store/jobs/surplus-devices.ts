/** Removes the history of devices beyond the limit of their family (device-limit.ts), in small steps. */
import { frameSeries } from '../codec/frame';
import { CHUNK_KINDS, DAY } from '../tiers';
import type { StoreContext } from './sealer';

/** Series whose chunks are removed at once. */
const ROWS = 100;

/** Numbers of the series that have samples in the head. */
export function seriesInHead(context: StoreContext): Set<number> {
  const present = new Set<number>();
  for (const frame of context.head.frames) {
    const data = context.head.data(frame);
    try {
      for (const id of data === null ? [] : frameSeries(data)) present.add(id);
    } catch (error) {
      context.onDamage(error);
    }
  }
  return present;
}

/**
 * Removes the devices that are gone for longest, a day at least. Their chunks first: a series that is removed leaves its
 * number to another one. Yields between steps, so that other work can run.
 */
export function* dropSurplusDevices(context: StoreContext): Generator<void> {
  const newest = context.head.frames.at(-1)?.last ?? 0;
  const found = context.catalog.surplus(Math.floor(newest / DAY) * DAY - DAY);
  if (found.length === 0) return;
  const present = seriesInHead(context);
  for (const surplus of found) {
    const devices = surplus.devices.filter((ids) => !ids.some((id) => present.has(id)));
    if (devices.length === 0) continue;
    yield* dropChunks(context, devices.flat());
    context.db.transaction(() => context.catalog.removeSurplus({ ...surplus, devices }))();
    yield;
  }
}

function* dropChunks(context: StoreContext, ids: readonly number[]): Generator<void> {
  for (const kind of Object.values(CHUNK_KINDS)) {
    for (const start of context.chunks.starts(kind)) {
      for (let i = 0; i < ids.length; i += ROWS) {
        context.db.transaction(() => context.chunks.remove(kind, start, ids.slice(i, i + ROWS)))();
        yield;
      }
    }
  }
}
