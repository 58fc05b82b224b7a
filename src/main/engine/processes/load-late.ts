/** A process source whose code is loaded at the first snapshot: what reads one system is in the memory of no other. */
import type { ProcessSource } from './process-source';

/** The source that `load` gives, asked for once. `startsProcess` is known before. */
export function sourceLoadedLate(startsProcess: boolean, load: () => Promise<ProcessSource>): ProcessSource {
  let loading: Promise<ProcessSource> | null = null;
  let loaded: ProcessSource | null = null;
  const source = async (): Promise<ProcessSource> => (loaded ??= await (loading ??= load()));
  return {
    startsProcess,
    snapshot: async (detail) => (await source()).snapshot(detail),
    groupMemory: async (groups) => (await (await source()).groupMemory?.(groups)) ?? [],
    forget: () => loaded?.forget(),
  };
}
