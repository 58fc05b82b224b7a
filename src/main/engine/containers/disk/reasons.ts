/** Why something about an engine's disk space is not known, and what to do. Pure. */
import type { EngineDiskState } from './disk-state';

/** All that is to be said, as sentences; null where that is nothing. `engine` is null for one that does not answer now. */
export function reasonOf(engine: { readonly label: string; readonly isHere: boolean } | null, { cheap, cheapAt, problem, walked }: EngineDiskState): string | null {
  const isAwaited = engine !== null && cheapAt === null && problem === null;
  const sentences = [
    ...(engine === null ? ['The engine does not answer now; this is what is remembered.'] : []),
    ...(problem === null ? [] : [`The engine could not be asked for its images (${problem}). It is asked again within a day.`]),
    ...(isAwaited ? ['Images are asked for a few minutes after the start, then every six hours.'] : []),
    ...(cheap?.isApproximate === true ? ['Layers that images share may be counted more than once: this engine does not tell them apart without reading all files.'] : []),
    ...(engine?.isHere === false ? [`${engine.label} keeps its data on another machine or in a virtual one, so its file system is not measured.`] : []),
    ...(walked?.note === null || walked?.note === undefined ? [] : [walked.note]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}
