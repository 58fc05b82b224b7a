/** Graphics cards of Linux: whether there are any, and the code that reads them only where there are. */
import { join } from 'node:path';
import { namesIn } from './files';
import { gpuReading, NO_CARDS } from './gpu';
import type { GpuRaw } from './gpu';
import type { GpuGates } from './gpu/gates';
import type { GpuDeps, LinuxCards } from './gpu/reader.linux';
import type { Collector } from './collector';

/** How often a machine without a card is looked at again, ms: one may come with a dock, or its driver be loaded late. */
const LOOK_MS = 5 * 60_000;

/** True if something that may be a card has a driver. Rejects with a CollectorError. */
async function hasCards(root: string): Promise<boolean> {
  const displays = await namesIn(join(root, '/sys/class/drm'));
  return displays.some((name) => /^card\d+$/.test(name)) || (await namesIn(join(root, '/proc/driver/nvidia/gpus'))).length > 0;
}

/** Reads the cards. `gates` tells others which of them must be left alone. */
export function linuxGpu(deps: GpuDeps, gates: GpuGates): Collector<'gpu', GpuRaw> {
  let cards: LinuxCards | null = null;
  let due = Number.NEGATIVE_INFINITY;
  return {
    family: 'gpu',
    read: async () => {
      const now = deps.clock.mono();
      if (cards === null) {
        if (now < due) return NO_CARDS;
        due = now + LOOK_MS;
        if (!(await hasCards(deps.root))) return NO_CARDS;
        const { LinuxCards: Cards } = await import('./gpu/reader.linux');
        cards = new Cards(deps, gates);
      }
      return cards.read();
    },
    toReading: gpuReading,
    close: () => cards?.close(),
  };
}
