/** What is remembered of the disk space of engines over restarts: the last numbers with their times, and when to ask next. */
import * as z from 'zod';

const size = z.number().nonnegative().nullable();
const time = z.number().nonnegative().nullable();
const text = z.string().max(1000).nullable();

const engineStateSchema = z.strictObject({
  /** What the engine answered without walking through files. */
  cheap: z.strictObject({ images: size, buildCache: size, reclaimable: size, isApproximate: z.boolean() }).nullable(),
  cheapAt: time,
  /** When to ask next, and questions in a row without an answer. */
  nextAt: time,
  failures: z.int().nonnegative(),
  /** Why the last question had no answer. */
  problem: text,
  /** The last measurement by walking through files. `folder`: all of the data folder. */
  walked: z.strictObject({ folder: size, containers: size, volumes: size, note: text }).nullable(),
  walkedAt: time,
});
/** What is remembered of an engine. Bytes; times in epoch ms. */
export type EngineDiskState = z.infer<typeof engineStateSchema>;

/** Schema of the state file: by id of the engine. */
export const diskStateSchema = z.strictObject({ engines: z.record(z.string().max(400), engineStateSchema) });
/** What is remembered of all engines. */
export type DiskState = z.infer<typeof diskStateSchema>;

/** Most engines that are remembered: one that was seen once must not stay for ever. */
const MAX_ENGINES = 20;

/** The state where nothing is known. */
export const NO_DISK_STATE: DiskState = { engines: {} };
/** The state of an engine of which nothing is known. */
export const NEW_ENGINE: EngineDiskState = { cheap: null, cheapAt: null, nextAt: null, failures: 0, problem: null, walked: null, walkedAt: null };

/** The state with a change of one engine. Of too many, those that would be asked first are forgotten: they were not seen for longest. */
export function withEngine({ engines }: DiskState, id: string, change: Partial<EngineDiskState>): DiskState {
  const others = Object.entries(engines).filter(([other]) => other !== id);
  const kept = others.toSorted(([, a], [, b]) => (b.nextAt ?? 0) - (a.nextAt ?? 0)).slice(0, MAX_ENGINES - 1);
  return { engines: Object.fromEntries([...kept, [id, { ...(engines[id] ?? NEW_ENGINE), ...change }]]) };
}
