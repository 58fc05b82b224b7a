/** Paths of cgroups as /proc/<pid>/cgroup tells them (cgroups(7)), and the container they are of. Pure. */

/**
 * The path by controller, from `4:cpu,cpuacct:/a/b`. The v2 hierarchy has the empty name; hierarchies without a controller are
 * called `name=…`.
 */
export function parseCgroupPaths(text: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, names, ...path] = line.split(':');
    if (names === undefined || path.length === 0) continue;
    for (const name of names.split(',')) paths.set(name, path.join(':'));
  }
  return paths;
}

/**
 * A part of a path that is named after a container: `<id>`, `docker-<id>.scope`, `libpod-<id>`, `cri-containerd-<id>.scope`. The
 * programs that watch over a container (conmon) are in a cgroup that bears its id, too, and are no part of it.
 */
const CONTAINER = /\/(?![a-z-]*conmon-)(?:[a-z][a-z-]*-)?([0-9a-f]{64})(?:\.scope)?(?=\/|$)/m;

/** Id of the container that a cgroup belongs to, given its path or all of /proc/<pid>/cgroup; of nested ones the outermost. Null outside. */
export function containerIdIn(paths: string): string | null {
  return CONTAINER.exec(paths)?.[1] ?? null;
}

/**
 * The path of the container's own cgroup: what runs in it may have made others below. Null where the path does not bear its id: what
 * is counted there is not of the container alone.
 */
export function ownCgroup(path: string, id: string): string | null {
  const at = path.indexOf(id);
  if (at < 0) return null;
  const end = path.indexOf('/', at);
  return end < 0 ? path : path.slice(0, end);
}
