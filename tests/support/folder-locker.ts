/** A process that locks a folder, for tests that kill it: `locker <folder>`. It prints the state of the lock, and waits to be ended. */
import { writeSync } from 'node:fs';
import { lockFolder } from '../../src/main/engine/store/folder-lock';

const lock = lockFolder(process.argv[2] ?? '', 0);
writeSync(1, `${lock.state}\n`);
// The lock is named here so that it is not garbage-collected meanwhile.
process.stdin.on('end', () => (lock.state === 'held' ? lock.release() : undefined)).resume();
