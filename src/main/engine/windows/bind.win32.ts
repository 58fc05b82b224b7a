/** Makes the functions of Windows callable: the only file that knows koffi, which is loaded at the first call. */
import { promisify } from 'node:util';
import type { LibraryHandle } from 'koffi';
import type { Timers } from '../clock';
import { CollectorError } from '../collectors/collector';
import { counterCalls } from './counter-calls';
import { deviceCalls } from './device-calls';
import type { WindowsLibrary } from './library';
import { SIGNATURES } from './native';
import type { Argument, FunctionName, NativeFunction, NativeLibrary } from './native';
import { systemCalls } from './system-calls';

/** koffi's names of the types that signatures are written in. */
const TYPES: Readonly<Record<string, string>> = { u: 'uint32_t', h: 'int64_t', p: 'void *' };

/**
 * Bytes that calls get for their stack and their arguments. Providers of performance counters run inside of such a call and
 * need more stack than koffi gives by default; calls beside each other, of which so many keep theirs, are few.
 */
const MEMORY = { sync_stack_size: 2 ** 20, sync_heap_size: 2 ** 17, async_stack_size: 2 ** 20, async_heap_size: 2 ** 17, resident_async_pools: 2 } as const;

/** Layouts are those of 64 bits. */
const POINTER_BYTES = 8;

const typeOf = (letter: string): string => TYPES[letter] ?? letter;

/** A function of koffi, as it is called here. */
type Callable = ((...values: readonly Argument[]) => number | bigint) & { readonly async: (...values: readonly unknown[]) => void };

/** Arguments of calls that have not ended: koffi does not keep the buffers that these write to. */
type InFlight = Set<readonly Argument[]>;

function bind(library: LibraryHandle, name: string, signature: string, inFlight: InFlight): NativeFunction {
  const [result = '', parameters = ''] = signature.split(':');
  const call: Callable = library.func(name, typeOf(result), parameters.split('').map(typeOf));
  const asynchronous = promisify(call.async) as (...values: readonly Argument[]) => Promise<number | bigint>;
  const bound = (...values: readonly Argument[]): number => Number(call(...values));
  const later = async (...values: readonly Argument[]): Promise<number> => {
    inFlight.add(values);
    try {
      return Number(await asynchronous(...values));
    } finally {
      inFlight.delete(values);
    }
  };
  return Object.assign(bound, { later });
}

async function bindAll(): Promise<NativeLibrary> {
  const { default: koffi } = await import('koffi');
  if (koffi.sizeof('void *') !== POINTER_BYTES) throw new CollectorError('SystemUnavailable', 'Traywatch for 64 bit is needed: the structures of this one are not known');
  koffi.config({ ...MEMORY });
  const inFlight: InFlight = new Set();
  const functions = Object.entries(SIGNATURES).flatMap(([file, signatures]) => {
    const library = koffi.load(file);
    return Object.entries(signatures).map(([name, signature]) => [name, bind(library, name, signature, inFlight)] as const);
  });
  return { ...(Object.fromEntries(functions) as Record<FunctionName, NativeFunction>), addressOf: (buffer) => koffi.address(buffer) };
}

/** What is bound stays so until the process ends, and is configured before: koffi allows that once. */
const ofProcess: { native: Promise<NativeLibrary> | null } = { native: null };

/** Loads koffi and binds all functions, the first time. */
export async function loadWindows(timers: Timers): Promise<WindowsLibrary> {
  ofProcess.native ??= bindAll();
  const native = await ofProcess.native;
  return { ...systemCalls(native), ...deviceCalls(native, timers), ...counterCalls(native, timers) };
}
