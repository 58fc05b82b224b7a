/**
 * Whether a Podman service stays by itself, and whether something has changed about Podman's containers, told by files alone. A
 * service that its socket starts ends five seconds after the last question, and an open stream of events would keep it.
 */
import { join } from 'node:path';
import type { LookFiles } from './discovery';

/** What a look needs. */
interface LifeParts {
  /** `/`, or a folder with recorded trees. */
  readonly root: string;
  readonly uid: number | null;
  readonly files: Pick<LookFiles, 'text' | 'names'>;
}

/** True for the arguments of a service without an end that listens at `path`. `podman system service --time 0 unix:///…`; before Podman 4 also `-t 0`. Pure. */
function isLastingService(args: readonly string[], path: string): boolean {
  const at = args.findIndex((arg, index) => arg === 'system' && args[index + 1] === 'service');
  if (at === -1) return false;
  const rest = args.slice(at + 2);
  const isEndless = rest.some((arg, index) => /^(--time|-t|--timeout)=?0$/.test(arg) || (/^(--time|-t|--timeout)$/.test(arg) && rest[index + 1] === '0'));
  const named = rest.find((arg) => arg.startsWith('unix:'));
  return isEndless && (named === undefined || named.replace(/^unix:(\/\/)?/, '') === path);
}

/** Whether the service that listens at a socket stays by itself. One look at all processes. Where it cannot be told: no. */
export async function staysAwake({ root, files }: LifeParts, path: string): Promise<boolean> {
  for (const pid of (await files.names(join(root, 'proc'))).filter((name) => /^\d+$/.test(name))) {
    const args = ((await files.text(join(root, 'proc', pid, 'cmdline'))) ?? '').split('\0');
    if (args[0]?.endsWith('podman') === true && isLastingService(args, path)) return true;
  }
  return false;
}

/** Folders of the cgroups of containers, rootful and of a user, under cgroup v2 and v1. */
function cgroupFolders({ root, uid }: LifeParts): readonly string[] {
  const hierarchies = ['sys/fs/cgroup', 'sys/fs/cgroup/systemd', 'sys/fs/cgroup/memory'];
  const folders = ['machine.slice', 'libpod_parent', ...(uid === null ? [] : [`user.slice/user-${uid}.slice/user@${uid}.service/user.slice`])];
  return hierarchies.flatMap((hierarchy) => folders.map((folder) => join(root, hierarchy, folder)));
}

/** A text that changes when a container of Podman starts or ends. A few folders are listed. */
export async function signOfChange(parts: LifeParts): Promise<string> {
  const names = await Promise.all(cgroupFolders(parts).map((folder) => parts.files.names(folder)));
  return names.flat().filter((name) => name.startsWith('libpod-')).toSorted().join(' ');
}
