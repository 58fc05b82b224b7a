/** Why something about an engine's disk space is not known, and what to do. Pure. */
import type { EngineStatus } from '../../../../shared/containers/container-schemas';
import type { DataPlace } from './answers';
import type { EngineDiskState } from './disk-state';

/** All that is to be said, as sentences; null where that is nothing. */
export function reasonOf({ label, state, reason }: Pick<EngineStatus, 'label' | 'state' | 'reason'>, place: DataPlace | null, { cheap, cheapAt, problem, walked }: EngineDiskState): string | null {
  const sentences = [
    ...(state === 'answering' ? [] : [reason ?? `${label} does not answer.`]),
    ...(problem === null ? [] : [`${label} could not be asked for its images: ${problem}. It is asked again within a day.`]),
    ...(cheapAt === null && problem === null && state === 'answering' ? ['Images are asked for a minute after the start, then every six hours.'] : []),
    ...(cheap?.isApproximate === true ? ['Layers that images share may be counted more than once: this engine does not tell them apart without reading all files.'] : []),
    ...(place !== null && place.folder === null ? ['The data folder is not on this machine’s own disks, so its file system is not measured.'] : []),
    ...(place?.isElsewhere === true ? ['Images and containers are kept by containerd, outside of the data folder.'] : []),
    ...(walked?.note === null || walked?.note === undefined ? [] : [walked.note]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}
