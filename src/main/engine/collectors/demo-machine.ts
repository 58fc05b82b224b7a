/**
 * A machine that is read from a folder instead of from the system (TRAYWATCH_ROOT; docs/decisions/0017-demo-machines.md).
 * Below the folder are `proc/` and `sys/`, and what no file of a kernel says is in `traywatch/`:
 * - `machine.json`: `{ addresses, clock }`, both optional. `addresses`: the address of each interface. `clock`:
 *   `{ starts, setAfter }`, ms: the wall clock shows `starts` ms since 1970 when the app starts, and is right `setAfter` later.
 * - `space.json`: what statfs(2) answers, by mount point: `{ bsize, blocks, bfree, bavail, files, ffree }`.
 * What cannot be read or is not valid is missing: never does the real machine answer in its place.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../clock';
import type { FileSystemSpace, SystemDeps } from './deps';
import { CollectorError } from './collector';
import { emptyRecord } from './numbers';

const count = z.number().nonnegative();
const spaceSchema = z.record(z.string(), z.object({ bsize: count, blocks: count, bfree: count, bavail: count, files: count, ffree: count }));
const factsSchema = z.object({
  addresses: z.record(z.string(), z.string()).optional(),
  clock: z.object({ starts: count, setAfter: count }).optional(),
});

/** What the folder says of its machine beside the files of its kernel. */
type Facts = z.infer<typeof factsSchema>;

/** A machine to watch, and the clock it has. */
export interface WatchedMachine {
  readonly system: SystemDeps;
  readonly clock: Clock;
}

/** The content of a file; empty for one that cannot be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function factsIn(root: string): Facts {
  try {
    return factsSchema.parse(JSON.parse(textOf(join(root, 'traywatch/machine.json'))));
  } catch {
    return {};
  }
}

/** Space by mount point, from the file; one read serves all mounts that are asked at the same time. */
function spaceReader(root: string): SystemDeps['statfs'] {
  let running: Promise<ReadonlyMap<string, FileSystemSpace>> | null = null;
  const read = async (): Promise<ReadonlyMap<string, FileSystemSpace>> => {
    try {
      return new Map(Object.entries(spaceSchema.parse(JSON.parse(await readFile(join(root, 'traywatch/space.json'), 'utf8')))));
    } catch (error) {
      throw new CollectorError('SystemUnavailable', 'the demo machine has no readable traywatch/space.json', { cause: error });
    } finally {
      running = null;
    }
  };
  return async (path) => {
    running ??= read();
    const space = (await running).get(path.toString());
    if (space === undefined) throw Object.assign(new Error(`no such mount: ${path.toString()}`), { code: 'ENOENT' });
    return space;
  };
}

/** A clock that begins wrong, and is set later. Time since boot goes on from what the machine says. */
function clockOf(root: string, real: Clock, { clock }: Facts): Clock {
  const began = { now: real.now(), mono: real.mono(), boot: real.boot() };
  const uptime = 1000 * Number.parseFloat(textOf(join(root, 'proc/uptime')));
  const behind = clock === undefined ? 0 : began.now - clock.starts;
  return {
    now: () => real.now() - (clock === undefined || real.mono() - began.mono >= clock.setAfter ? 0 : behind),
    mono: () => real.mono(),
    boot: () => (Number.isNaN(uptime) ? 0 : uptime - began.boot) + real.boot(),
    ...(real.awake === undefined ? {} : { awake: real.awake }),
  };
}

/** A folder with a demo machine, and the name it is shown by. */
export interface DemoSource {
  readonly root: string;
  readonly hostname: string;
}

/** The machine in a folder, on the machine that the app runs on. */
export function demoMachine({ root, hostname }: DemoSource, own: SystemDeps, realClock: Clock): WatchedMachine {
  const facts = factsIn(root);
  const clock = clockOf(root, realClock, facts);
  const addresses = Object.assign(emptyRecord<string>(), facts.addresses);
  const system: SystemDeps = {
    ...own,
    platform: 'linux',
    root,
    clock,
    statfs: spaceReader(root),
    addresses: () => addresses,
    // The real user has no processes there.
    account: () => null,
    demo: { hostname, own: { platform: own.platform, root: own.root } },
  };
  return { system, clock };
}

/** What the app watches: the demo machine, or with null the machine that the app runs on. */
export function watchedMachine(demo: DemoSource | null, own: SystemDeps, realClock: Clock): WatchedMachine {
  return demo === null ? { system: own, clock: realClock } : demoMachine(demo, own, realClock);
}
