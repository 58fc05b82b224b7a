import fs from 'node:fs';

/** A process that lives. `type` is what Chromium calls its child processes ("renderer", "gpu-process", ...). */
export interface RunningProcess {
  pid: number;
  parent: number;
  command: string[];
  type: string | null;
}

/** A process and all its living descendants, read from /proc; the root comes first. Empty when it has ended. */
export function processTree(rootPid: number): RunningProcess[] {
  const all = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));
  const tree = all.filter((one) => one.pid === rootPid);
  // The list grows while it is walked: each process brings its children.
  for (const { pid } of tree) tree.push(...all.filter((one) => one.parent === pid));
  return tree;
}

function readProcess(pid: number): RunningProcess[] {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // Chromium's forked processes write their command line anew, with spaces between its parts.
  const command = readIfThere(`/proc/${pid}/cmdline`)?.split(/[\0 ]/).filter((part) => part !== '') ?? [];
  // The name before the last parenthesis may itself hold spaces and parentheses.
  const [state, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  if (state === undefined || state === 'Z' || state === 'X') return [];
  const type = command.find((part) => part.startsWith('--type='))?.slice('--type='.length) ?? null;
  return [{ pid, parent: Number(parent), command, type }];
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    // Processes end while they are listed.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null;
    throw error;
  }
}
