/** A process that follows a program as the app does, for a test that kills it: `starter <program>`. It prints the program's process id. */
import { writeSync } from 'node:fs';
import { startProgram } from '../../src/main/engine/programs/start-program';

const running = startProgram(process.argv[2] ?? '', [], { onLine: () => undefined, onEnd: () => undefined });
writeSync(1, `${running.pid ?? 0}\n`);
