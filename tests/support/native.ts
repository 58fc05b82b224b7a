/** Functions that stand in for those of Windows. */
import { SIGNATURES } from '../../src/main/engine/windows/native';
import type { Argument, FunctionName, NativeFunction, NativeLibrary } from '../../src/main/engine/windows/native';

/** What a function of Windows does in a test. */
export type Fake = (...values: readonly Argument[]) => number | Promise<number>;

const names = Object.values(SIGNATURES).flatMap((functions) => Object.keys(functions)) as FunctionName[];

/** Functions by name; any other fails the test. Calls are noted. */
export function fakeNative(fakes: Partial<Record<FunctionName, Fake>>, address = 0x7000n): NativeLibrary & { readonly calls: string[] } {
  const calls: string[] = [];
  const bind = (name: FunctionName): NativeFunction => {
    const run = (...values: readonly Argument[]): number | Promise<number> => {
      calls.push(name);
      const fake = fakes[name];
      if (fake === undefined) throw new Error(`${name} was called`);
      return fake(...values);
    };
    return Object.assign((...values: readonly Argument[]) => Number(run(...values)), { later: async (...values: readonly Argument[]) => run(...values) });
  };
  return { ...(Object.fromEntries(names.map((name) => [name, bind(name)])) as Record<FunctionName, NativeFunction>), addressOf: () => address, calls };
}

/** An argument that must be a buffer. */
export const buffer = (value: Argument | undefined): Buffer => {
  if (!Buffer.isBuffer(value)) throw new Error('no buffer was passed');
  return value;
};
