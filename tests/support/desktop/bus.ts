import { runProgram } from './exec';
import { parseValue } from './gvariant';
import type { Value } from './gvariant';

/** An object on the session bus. */
export interface BusObject {
  service: string;
  path: string;
}

/** A client of one desktop's session bus. */
export type Bus = ReturnType<typeof createBus>;

/** Makes a client that talks to the session bus named by `env`. */
export function createBus(env: NodeJS.ProcessEnv) {
  const call = async ({ service, path }: BusObject, method: string, ...args: string[]): Promise<Value[]> => {
    const target = ['--dest', service, '--object-path', path, '--method', method];
    const reply = parseValue(await runProgram('gdbus', ['call', '--session', ...target, ...args], env));
    if (!Array.isArray(reply)) throw new Error(`${method} did not answer with a tuple`);
    return reply;
  };
  return {
    /** Calls a method; arguments are written as GVariant text. Returns the values of the reply. */
    call,
    /** Reads a property. */
    async property(object: BusObject, interfaceName: string, name: string): Promise<Value> {
      const [value] = await call(object, 'org.freedesktop.DBus.Properties.Get', interfaceName, name);
      if (value === undefined) throw new Error(`no value for ${interfaceName}.${name}`);
      return value;
    },
    /** Resolves as soon as a name has an owner. */
    async waitForName(name: string): Promise<void> {
      await runProgram('gdbus', ['wait', '--session', '--timeout', '20', name], env);
    },
  };
}
