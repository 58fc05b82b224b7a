/** Which containers processes run in, from /proc/<pid>/cgroup. */
import { containerIdIn } from '../cgroup-paths';
import { optionalText } from '../collectors/files';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';

/** Display name of a container by its id; null while it is not known. */
export type ContainerNameOf = (id: string) => string | null;

/** Letters of a container's id that engines show. */
const SHORT_ID = 12;

/** Id of the container that a process runs in, given its folder in /proc; null outside of one, and where the process has ended. */
export function readContainerId(folder: string): string | null {
  return containerIdIn(optionalText(`${folder}/cgroup`) ?? '');
}

/** The name of a container, or the start of its id; null for none. */
export function containerName(id: string | null, nameOf: ContainerNameOf): string | null {
  return id === null ? null : (nameOf(id) ?? id.slice(0, SHORT_ID));
}

/** Names of the containers that these processes run in, by process id. */
export async function readContainers(pids: readonly number[], { proc, nameOf, slicing }: { readonly proc: string; readonly nameOf: ContainerNameOf; readonly slicing: TimeSlicing }): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  const read = (pid: number): void => {
    const name = containerName(readContainerId(`${proc}/${pid}`), nameOf);
    if (name !== null) names.set(pid, name);
  };
  await forEachInSlices(pids, read, slicing);
  return names;
}
