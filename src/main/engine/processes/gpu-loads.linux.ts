/** Which processes keep the graphics cards busy, asked once when an alert fires. No card is woken for it. */
import { join } from 'node:path';
import type { Timers } from '../clock';
import type { SystemDeps } from '../collectors/deps';
import { namesIn, optionalTextAsync } from '../collectors/files';
import { processLoads } from '../collectors/gpu/drm-clients';
import { DrmLooker } from '../collectors/gpu/drm-look.linux';
import { NVIDIA_PROGRAMS } from '../collectors/gpu/nvidia-cards';
import { firstOf } from '../collectors/gpu/nvidia';
import { isPoweredUp } from '../collectors/gpu/sleep-state';
import type { TimeSlicing } from '../time-slicing';
import { parsePmon } from './pmon';

/** Time between the two looks, ms. */
const DISTANCE = 1000;

/** nvidia-smi takes a second for its own looks, ms. */
const DEADLINE = 5000;

/** What is needed to ask. */
export interface GpuLoadParts {
  readonly system: Pick<SystemDeps, 'root' | 'programs' | 'demo'>;
  readonly timers: Timers;
  readonly slicing: TimeSlicing;
}

/** nvidia-smi where all cards of NVIDIA are awake; null elsewhere, as it would wake them. */
async function awakeNvidia({ root, demo }: GpuLoadParts['system']): Promise<string | null> {
  const cards = await namesIn(join(root, '/proc/driver/nvidia/gpus'));
  if (cards.length === 0 || demo !== undefined) return null;
  for (const card of cards) {
    const status = await optionalTextAsync(join(root, '/sys/bus/pci/devices', card.toLowerCase(), 'power/runtime_status'));
    if (!isPoweredUp(status)) return null;
  }
  return firstOf(NVIDIA_PROGRAMS.map((path) => join(root, path)));
}

async function nvidiaLoads(system: GpuLoadParts['system']): Promise<ReadonlyMap<number, number>> {
  const program = await awakeNvidia(system);
  return program === null ? new Map() : parsePmon(await system.programs.read(program, ['pmon', '-c', '1', '-s', 'u'], DEADLINE));
}

async function drmLoads({ system: { root }, timers, slicing }: GpuLoadParts): Promise<ReadonlyMap<number, number>> {
  const looker = new DrmLooker(root, slicing);
  const before = await looker.look();
  await new Promise<void>((resolve) => timers.after(DISTANCE, resolve));
  return processLoads(before, await looker.look());
}

/** Percent of a card by process id; of the processes that this user may look into. Rejects if processes cannot be listed. */
export async function readGpuLoads(parts: GpuLoadParts): Promise<ReadonlyMap<number, number>> {
  const [ofOthers, ofNvidia] = await Promise.allSettled([drmLoads(parts), nvidiaLoads(parts.system)]);
  if (ofOthers.status === 'rejected') throw ofOthers.reason;
  // Cards of NVIDIA are no reason to know nothing of the others.
  return new Map([...ofOthers.value, ...(ofNvidia.status === 'fulfilled' ? ofNvidia.value : [])]);
}
