/** Programs of the system: real ones, with deadlines, counted, joined while in flight, and ended with the app. */
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { execProgram } from '../../../../src/main/engine/programs/exec-program';
import { createPrograms, ProgramError } from '../../../../src/main/engine/programs/programs';
import { startProgram } from '../../../../src/main/engine/programs/start-program';

const NODE = process.execPath;
const open = (): ReturnType<typeof createPrograms> => createPrograms(execProgram, startProgram, () => performance.now());
const script = (code: string): string[] => ['-e', code];

async function failure(reading: Promise<string>): Promise<ProgramError> {
  const error: unknown = await reading.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof ProgramError)) throw new Error(`no ProgramError: ${String(error)}`);
  return error;
}

describe('programs of the system', () => {
  it('answer with what they print, in the language C, without a shell', async () => {
    const programs = open();
    expect(await programs.read(NODE, script('console.log(process.env.LC_ALL, process.argv[1])').concat('$HOME; *'), 10_000)).toBe('C $HOME; *\n');
  });

  it('that are missing, fail, are denied or print nothing say so', async () => {
    const programs = open();
    expect(await failure(programs.read('/nowhere/ioreg', [], 10_000))).toMatchObject({ kind: 'SystemUnavailable', message: 'ioreg is not there' });
    const failed = await failure(programs.read(NODE, script('console.error("no such table\\nmore"); process.exit(3)'), 10_000));
    expect(failed).toMatchObject({ kind: 'SystemUnavailable', message: 'node failed with exit code 3: no such table' });
    const denied = await failure(programs.read(NODE, script('console.error("Operation not permitted"); process.exit(1)'), 10_000));
    expect(denied.kind).toBe('PermissionDenied');
    expect(await failure(programs.read(NODE, script(''), 10_000))).toMatchObject({ kind: 'SystemUnavailable', message: 'node answered with nothing' });
  });

  it('that take too long are ended', async () => {
    const programs = open();
    expect(await failure(programs.read(NODE, script('console.log(1); setInterval(() => 0, 1000)'), 300))).toMatchObject({ kind: 'Timeout' });
  });

  it('are counted, and asked once at a time for the same', async () => {
    const programs = open();
    const [first, second, other] = [script('console.log(1)'), script('console.log(1)'), script('console.log(2)')].map((args) => programs.read(NODE, args, 10_000));
    expect(second).toBe(first);
    expect(await Promise.all([first, second, other])).toEqual(['1\n', '1\n', '2\n']);
    await programs.read(NODE, script('console.log(1)'), 10_000);
    expect(programs.cost().started).toBe(3);
    expect(programs.cost().milliseconds).toBeGreaterThan(0);
  });

  it('end with the app, and none is started after', async () => {
    const programs = open();
    const running = failure(programs.read(NODE, script('setInterval(() => 0, 1000)'), 60_000));
    programs.close();
    expect((await running).kind).toBe('Timeout');
    expect(await failure(programs.read(NODE, script('console.log(1)'), 10_000))).toMatchObject({ message: 'Traywatch is ending' });
    expect(programs.cost().started).toBe(1);
  });
});
