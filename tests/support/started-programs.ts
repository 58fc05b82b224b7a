/** Counts the programs that this process starts, in whatever way Node offers. */
import childProcess, { ChildProcess } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

type Start = (...given: unknown[]) => unknown;

/** What every way that does not wait comes to; it is not in the types of the class. */
const starter = ChildProcess.prototype as unknown as { spawn: Start };

/** Begins to count; `end` gives Node its functions back. */
export function countStartedPrograms(): { readonly count: () => number; readonly end: () => void } {
  let count = 0;
  const counted = (original: Start): Start =>
    function (this: unknown, ...given: unknown[]) {
      count += 1;
      return original.apply(this, given);
    };
  const { spawn } = starter;
  const { execFileSync, execSync, spawnSync } = childProcess;
  starter.spawn = counted(spawn);
  Object.assign(childProcess, { execFileSync: counted(execFileSync as Start), execSync: counted(execSync as Start), spawnSync: counted(spawnSync as Start) });
  syncBuiltinESMExports();
  return {
    count: () => count,
    end: () => {
      starter.spawn = spawn;
      Object.assign(childProcess, { execFileSync, execSync, spawnSync });
      syncBuiltinESMExports();
    },
  };
}
